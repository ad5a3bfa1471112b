/** Source disks with as much content as a measurement needs, in ext4 partitions of equal size. */

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Run } from '../../lib/exec/run.ts';
import type { Bytes } from '../../lib/units.ts';
import {
  MEBIBYTE,
  buildDisk,
  makeFilesystem,
  mebibytes,
  type SourceOptions,
} from '../lab/source-disks/layout.ts';

const LINUX_TYPE = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

/** What is on a disk: files of this machine's /usr, as many as there are, and bytes that cannot be compressed; each. */
export type Content = {
  readonly partitions: number;
  readonly copiedBytes: Bytes;
  readonly randomBytes: Bytes;
};

/** What the lab's own content takes; whole directories make up the rest. */
const LAB_CONTENT_BYTES = 100 * MEBIBYTE;

/** Makes a GPT disk in `options.file`. */
export async function makeContentDisk(
  run: Run,
  options: SourceOptions,
  content: Content,
): Promise<void> {
  const { partitions, copiedBytes, randomBytes } = content;
  const { sectorSizeBytes } = options;
  // The rest is for what the file system needs itself, and for files that are smaller than a block.
  const sizeMebibytes = 128 + Math.ceil(((copiedBytes + randomBytes) * 1.4) / MEBIBYTE);
  const numbers = Array.from({ length: partitions }, (_, index) => index + 1);
  const script = [
    'label: gpt',
    ...numbers.map(
      (number) =>
        `${number}: start=${mebibytes(1 + (number - 1) * sizeMebibytes, sectorSizeBytes)}, ` +
        `size=${mebibytes(sizeMebibytes, sectorSizeBytes)}, type=${LINUX_TYPE}`,
    ),
  ];
  const labBytes = Math.min(copiedBytes, LAB_CONTENT_BYTES);
  const extraFiles = await chooseDirectories(run, copiedBytes - labBytes);
  const sizeBytes = (2 + partitions * sizeMebibytes) * MEBIBYTE;
  await buildDisk(run, { ...options, sizeBytes, script }, async (device) => {
    for (const number of numbers) {
      await makeFilesystem(
        run,
        { ...options, device },
        {
          number,
          filesystem: 'ext4',
          make: { tool: 'mkfs.ext4', args: ['-q', '-F', '-b', '4096'] },
          recipe: { seed: 100 + number, copiedBytes: labBytes, randomBytes, kind: 'posix' },
          extraFiles,
        },
      );
    }
  });
}

/** Directories of /usr with files of `wantedBytes` together, or less: path inside the file system → path here. */
async function chooseDirectories(run: Run, wantedBytes: Bytes): Promise<Record<string, string>> {
  const chosen: Record<string, string> = {};
  let bytes = 0;
  for (const path of ['/usr/lib', '/usr/share'].flatMap(subdirectories)) {
    if (bytes >= wantedBytes) break;
    const { stdout } = await run('du', [
      '--summarize',
      '--one-file-system',
      '--block-size=1',
      path,
    ]);
    const sizeBytes = Number(stdout.split('\t')[0]);
    if (bytes + sizeBytes > wantedBytes) continue;
    chosen[join('more', basename(path))] = path;
    bytes += sizeBytes;
  }
  return chosen;
}

function subdirectories(parent: string): string[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(parent, entry.name))
    .sort();
}
