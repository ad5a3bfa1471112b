/** The initramfs of a build: the base's, and before it a small archive with our boot script and what it must know. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerBuildFile } from '../lib/model/build-file.ts';
import { makeCpio } from './cpio-archive.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Writes `file`. The boot script is read from `dataDirectory`; the squashfs's length and hash go with it, so that a
 * host takes no other: what comes by HTTP is checked against what came with the kernel.
 */
export async function writeInitrd(
  file: string,
  options: {
    readonly baseInitrd: string;
    readonly dataDirectory: string;
    readonly build: Pick<ServerBuildFile, 'id' | 'squashfs'>;
  },
): Promise<void> {
  const { baseInitrd, dataDirectory, build } = options;
  const script = await readFile(join(dataDirectory, 'openclone'));
  const lease = await readFile(join(dataDirectory, 'lease'));
  const known = [
    `build=${build.id}`,
    ...(build.squashfs === null
      ? []
      : [`squashfs_bytes=${build.squashfs.sizeBytes}`, `squashfs_sha256=${build.squashfs.sha256}`]),
  ];
  const ours = makeCpio([
    { type: 'directory', path: 'conf' },
    {
      type: 'file',
      path: 'conf/openclone-root',
      mode: 0o644,
      content: Buffer.from(`${known.join('\n')}\n`),
    },
    { type: 'directory', path: 'scripts' },
    { type: 'file', path: 'scripts/openclone', mode: 0o644, content: script },
    { type: 'file', path: 'scripts/openclone-lease', mode: 0o755, content: lease },
  ]);
  // First, as the kernel wants a plain archive before a compressed one.
  await replaceFile(file, Buffer.concat([ours, await readFile(baseInitrd)]), 0o644);
}
