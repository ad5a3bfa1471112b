/** ntfs-3g.probe(8): whether an NTFS could be mounted for writing, without mounting it. */

import type { Run } from '../../lib/exec/run.ts';

/**
 * Part of the file system may be missing on the disk when it is in the memory's image of a hibernated Windows (fast
 * start-up too), or only in the log. Unreadable: damaged, or of a kind that ntfs-3g does not know.
 */
export type NtfsState = 'clean' | 'hibernated' | 'not-unmounted' | 'unreadable';

/** ntfs-3g.probe(8), EXIT CODES; 12: not valid, 13: inconsistent, 17: part of a RAID or damaged, 18 and 21: other reasons. */
const STATES: ReadonlyMap<number, NtfsState> = new Map([
  [0, 'clean'],
  [14, 'hibernated'],
  [15, 'not-unmounted'],
  [12, 'unreadable'],
  [13, 'unreadable'],
  [17, 'unreadable'],
  [18, 'unreadable'],
  [21, 'unreadable'],
]);

/**
 * The device should be write-protected: the program would open it for writing if it could. Throws `tool-missing`,
 * `tool-failed`.
 */
export async function probeNtfs(run: Run, device: string): Promise<NtfsState> {
  const { exitStatus } = await run('ntfs-3g.probe', ['--readwrite', device], {
    allowedStatuses: [...STATES.keys()],
    timeoutMs: 60_000,
  });
  return STATES.get(exitStatus) ?? 'unreadable';
}
