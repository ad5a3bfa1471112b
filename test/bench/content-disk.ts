/** Source disks with as much content as a measurement needs, in ext4 partitions of equal size. */

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

/** What is on a disk: files of this machine's /usr, bytes that cannot be compressed, in each of `partitions`. */
export type Content = {
  readonly partitions: number;
  readonly copiedBytes: Bytes;
  readonly randomBytes: Bytes;
};

/** Makes a GPT disk in `options.file`. */
export async function makeContentDisk(
  run: Run,
  options: SourceOptions,
  content: Content,
): Promise<void> {
  const { partitions, copiedBytes, randomBytes } = content;
  const { sectorSizeBytes } = options;
  // A quarter for what the file system needs itself, and for names and sparse files.
  const sizeMebibytes = 64 + Math.ceil(((copiedBytes + randomBytes) * 1.25) / MEBIBYTE);
  const numbers = Array.from({ length: partitions }, (_, index) => index + 1);
  const script = [
    'label: gpt',
    ...numbers.map(
      (number) =>
        `${number}: start=${mebibytes(1 + (number - 1) * sizeMebibytes, sectorSizeBytes)}, ` +
        `size=${mebibytes(sizeMebibytes, sectorSizeBytes)}, type=${LINUX_TYPE}`,
    ),
  ];
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
          recipe: { seed: 100 + number, copiedBytes, randomBytes, kind: 'posix' },
        },
      );
    }
  });
}
