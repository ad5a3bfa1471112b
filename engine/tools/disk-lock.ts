/** The lock on a whole disk that keeps udev from interfering (systemd's BLOCK_DEVICE_LOCKING). */

import { OperatorError } from '../../lib/errors.ts';
import { holdLock } from '../../lib/exec/flock.ts';

/**
 * Holds an exclusive lock on `disk` until the returned function is called or the engine ends. Without it udev would
 * read the partition table again whenever a writer closes the disk, find none, and take our partitions away.
 * Throws `disk-busy` when another program has locked it.
 */
export async function lockDisk(disk: string): Promise<() => Promise<void>> {
  const release = await holdLock(disk);
  if (release !== null) return release;
  throw new OperatorError({
    code: 'disk-busy',
    message: `locking ${disk}: another program has locked it`,
    hint: 'See which one with `lslocks`, and end it.',
  });
}
