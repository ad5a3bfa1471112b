/** What e2fsprogs says of an ext2, ext3 or ext4 in a file. */

import { run } from '../../../lib/exec/run.ts';
import type { Bytes } from '../../../lib/units.ts';
import { allBut, type ByteRange } from './copy-proof.ts';

/** All but what dumpe2fs lists as free. */
export async function usedByExt(file: string): Promise<ByteRange[]> {
  const { stdout } = await run('dumpe2fs', [file]);
  const numberOf = (name: string): number => {
    const value = new RegExp(`^${name}:\\s+(\\d+)$`, 'm').exec(stdout)?.[1];
    if (value === undefined) throw new Error(`dumpe2fs says no ${name}`);
    return Number(value);
  };
  const blockBytes: Bytes = numberOf('Block size');
  // With bigalloc dumpe2fs names the first block of the last free cluster.
  const cluster = /^Cluster size:\s+(\d+)$/m.exec(stdout)?.[1];
  const unitBytes = cluster === undefined ? blockBytes : Number(cluster);
  const free = [...stdout.matchAll(/^ {2}Free blocks: (.*)$/gm)].flatMap((line) =>
    (line[1] ?? '')
      .split(', ')
      .filter((range) => range !== '')
      .map((range) => {
        const [first = NaN, last = first] = range.split('-').map(Number);
        return {
          startBytes: first * blockBytes,
          endBytes: Math.ceil(((last + 1) * blockBytes) / unitBytes) * unitBytes,
        };
      }),
  );
  return allBut(free, numberOf('Block count') * blockBytes);
}

/** Throws when e2fsck finds anything to repair. */
export async function checkExt(file: string): Promise<void> {
  await run('e2fsck', ['-f', '-n', file]);
}
