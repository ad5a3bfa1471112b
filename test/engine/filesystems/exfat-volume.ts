/** An exFAT in a file, mounted by FUSE. */

import type { TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { attachLoop } from '../../lab/loop-device.ts';
import { describeTree, type Tree } from '../../lab/tree.ts';
import { detachOwn, scratchDirectory } from '../scratch-disk.ts';

/** Mounts the volume by FUSE, another implementation of exFAT than exfatprogs. */
export async function withExfat<T>(
  t: TestContext,
  file: string,
  work: (directory: string) => Promise<T>,
  options = 'rw',
): Promise<T> {
  const directory = await scratchDirectory(t);
  const device = await attachLoop(run, file, {});
  try {
    await run('mount.exfat-fuse', ['-o', options, device, directory]);
    try {
      return await work(directory);
    } finally {
      await run('umount', [directory]);
    }
  } finally {
    await detachOwn(device);
  }
}

/** Every file with its content. */
export async function filesOfExfat(t: TestContext, file: string): Promise<Tree> {
  return withExfat(
    t,
    file,
    (directory) => {
      const tree = describeTree(directory, { owners: false, blocks: false });
      delete tree['/'];
      return Promise.resolve(tree);
    },
    'ro',
  );
}
