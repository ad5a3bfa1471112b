/** Whether the plan of a capture is still true once nothing writes to the disk any more. */

import { isDeepStrictEqual } from 'node:util';
import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import { assertSameRange, isExtended, kernelRanges } from '../disk/kernel-partitions.ts';
import { planPartitions, type PartitionPlan } from './partition-plan.ts';
import { readSourceTable, type SourceTable } from './source-table.ts';

/**
 * An engine that was started by hand on a running system made its plan while others could still write. Throws
 * `disk-read-failed` when table, gaps or what the partitions hold are not what the plan says any more.
 */
export async function assertPlanHolds(
  run: Run,
  disk: Disk,
  planned: SourceTable & { readonly partitions: readonly PartitionPlan[] },
): Promise<void> {
  const now = await readSourceTable(run, disk);
  const isSameTable =
    isDeepStrictEqual(now.onDisk, planned.onDisk) && isDeepStrictEqual(now.gaps, planned.gaps);
  if (!isSameTable) throw changedMeanwhile(disk, 'its partition table changed');
  const ranges = await kernelRanges(disk);
  for (const { partition } of planned.partitions) {
    if (isExtended(partition)) continue;
    const known = ranges.get(partition.number);
    if (known === undefined) throw changedMeanwhile(disk, `partition ${partition.number} is gone`);
    assertSameRange(disk, partition, known);
  }
  const partitions = await planPartitions(run, disk, planned.onDisk);
  for (const [index, found] of partitions.entries()) {
    if (isDeepStrictEqual(found, planned.partitions[index])) continue;
    const { partition } = found;
    throw changedMeanwhile(disk, `what is in partition ${partition.number} changed`);
  }
}

function changedMeanwhile(disk: Disk, what: string): OperatorError {
  return new OperatorError({
    code: 'disk-read-failed',
    message: `looking at ${describeDisk(disk)} again: ${what} after the plan was made`,
    hint: 'Something on that host writes to the disk: see that nothing does, then capture again.',
  });
}
