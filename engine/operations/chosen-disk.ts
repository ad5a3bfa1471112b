/** The disk that an operation is about: the one the operator saw when the task was made, and none in its place. */

import { describeDisk, selectDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { EngineOperation } from '../../lib/model/operation.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import { isSameDisk } from '../../lib/disk/same-disk.ts';
import { readDisks } from '../system-info/disks.ts';
import type { OperationContext } from './context.ts';

/** Those that say on which disk. */
type DiskOperation = Extract<EngineOperation, { disk: unknown }>;

/**
 * Finds the disk. Addresses change from boot to boot: when the server knows what was there as the task was made, it
 * must be there still. Throws `disk-not-found`, `disk-ambiguous` or `disk-changed`.
 */
export async function chooseDisk(
  context: OperationContext,
  operation: DiskOperation,
): Promise<Disk> {
  const disk = selectDisk((await context.systemInfo()).disks, operation.disk);
  const { expectedDisk } = operation;
  if (expectedDisk === undefined || isSameDisk(disk, expectedDisk)) return disk;
  throw changed(
    `choosing the disk: ${describeDisk(disk)} is not the one that was there when the task was made (serial ${expectedDisk.serial ?? 'unknown'}, ${expectedDisk.sizeBytes} bytes)`,
  );
}

/** Throws `disk-changed` when another disk has taken the place of `disk` since it was chosen. */
export async function checkSameDisk(context: OperationContext, disk: Disk): Promise<void> {
  const [now] = await readDisks(context.run, [disk.address]);
  if (now !== undefined && isSameDisk(now, disk)) return;
  throw changed(
    `looking at ${describeDisk(disk)} again: ${now === undefined ? 'it is gone' : `now ${describeDisk(now)} is there`}`,
  );
}

function changed(message: string): OperatorError {
  return new OperatorError({
    code: 'disk-changed',
    message,
    hint: 'Look at the disks with `openclone host show`, then start the task again; a serial number or WWN names a disk for good.',
  });
}
