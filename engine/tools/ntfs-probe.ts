/** ntfs-3g.probe(8): whether an NTFS could be mounted for writing, without mounting it. */

import type { Run } from '../../lib/exec/run.ts';

/** ntfs-3g.probe(8), EXIT CODES. */
const STATUS_HIBERNATED = 14;
const STATUS_OTHERS = [11, 12, 13, 15, 16, 17, 18, 19, 20, 21];

/**
 * Whether Windows is hibernated or was shut down with fast start-up, so that part of the file system is in its
 * memory's image only. The device should be write-protected: the program would open it for writing if it could.
 * Throws `tool-missing`, `tool-failed`.
 */
export async function isHibernated(run: Run, device: string): Promise<boolean> {
  const { exitStatus } = await run('ntfs-3g.probe', ['--readwrite', device], {
    allowedStatuses: [0, STATUS_HIBERNATED, ...STATUS_OTHERS],
    timeoutMs: 60_000,
  });
  return exitStatus === STATUS_HIBERNATED;
}
