/** ntfsls(8) of ntfs-3g: a look into an NTFS file system without mounting it. */

import type { Run } from '../../lib/exec/run.ts';

/**
 * Whether the NTFS file system on `address` has a directory `path` ("/Windows/System32"). Opens the device for
 * reading only; `--force` lets it look at one that Windows left hibernated or marked dirty. False also when the
 * file system cannot be read. Throws `tool-missing`.
 */
export async function hasNtfsDirectory(run: Run, address: string, path: string): Promise<boolean> {
  const { exitStatus, stdout } = await run('ntfsls', ['--force', '--path', path, address], {
    allowedStatuses: [0, 1, 2, 3],
    timeoutMs: 10_000,
  });
  return exitStatus === 0 && stdout !== '';
}
