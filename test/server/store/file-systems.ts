/** Small file systems of their own for tests: one that fills up, and one that can lose its power. */

import { mkdir, mkdtemp, rename, rmdir, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../lib/exec/run.ts';
import { withDirectory } from '../../support/directories.ts';

/** Gives `use` the mount point of an empty tmpfs that holds `sizeBytes`. */
export async function withTmpfs(
  sizeBytes: number,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-test-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', directory]);
    try {
      await use(directory);
    } finally {
      // Lazily: a test that fails leaves files open.
      await run('umount', ['--lazy', directory]);
    }
  } finally {
    await rmdir(directory);
  }
}

/**
 * Gives `use` a directory on an XFS. `cutPower` lets that file system forget everything that was not made durable
 * (XFS_IOC_GOINGDOWN, log not flushed: xfs_io(8) `shutdown`) and mounts what its disk has then in the same place.
 */
export async function withPowerCut(
  use: (directory: string, cutPower: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const disk = join(directory, 'disk');
    await writeFile(disk, '');
    await truncate(disk, 512 * 1024 * 1024);
    await run('mkfs.xfs', ['-q', disk]);
    const mountPoint = join(directory, 'mounted');
    await mkdir(mountPoint);
    const mount = async (): Promise<void> => {
      await run('mount', ['-o', 'loop,nouuid', disk, mountPoint]);
    };
    const unmount = async (): Promise<void> => {
      await run('umount', ['--lazy', mountPoint]);
    };
    await mount();
    try {
      await use(mountPoint, async () => {
        await run('xfs_io', ['-x', '-c', 'shutdown', mountPoint]);
        await unmount();
        // A mount namespace made in the meantime may keep the dead file system: its disk is copied, not mounted again.
        const copy = join(directory, 'disk-after');
        await run('cp', ['--sparse=always', disk, copy]);
        await rename(copy, disk);
        await mount();
      });
    } finally {
      await unmount();
    }
  });
}
