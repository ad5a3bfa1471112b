/** ntfs-3g.probe(8): whether an NTFS could be mounted for writing, without mounting it. */

import type { Run } from '../../lib/exec/run.ts';

/** ntfs-3g.probe(8), EXIT CODES. */
const FAULTS: ReadonlyMap<number, string> = new Map([
  [13, 'it is inconsistent'],
  [14, 'Windows is hibernated'],
  [15, 'it was not unmounted cleanly'],
  [17, 'it is part of a RAID array, or damaged'],
]);
const STATUS_OTHERS = [11, 12, 16, 18, 19, 20, 21];

/**
 * Why part of the file system may be missing on the disk: it is in the memory's image of a hibernated Windows (fast
 * start-up too), or only in its log. Null when there is no such reason. The device should be write-protected: the
 * program would open it for writing if it could. Throws `tool-missing`, `tool-failed`.
 */
export async function findNtfsFault(run: Run, device: string): Promise<string | null> {
  const { exitStatus } = await run('ntfs-3g.probe', ['--readwrite', device], {
    allowedStatuses: [0, ...FAULTS.keys(), ...STATUS_OTHERS],
    timeoutMs: 60_000,
  });
  return FAULTS.get(exitStatus) ?? null;
}
