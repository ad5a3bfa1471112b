/** Partition: the table of an image onto a disk, and nothing else. What was on the disk is lost. */

import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { layoutOn } from '../../lib/disk/layout/layout-on.ts';
import { identityOf } from '../../lib/disk/same-disk.ts';
import { message } from '../../lib/model/messages/table.ts';
import { TargetDisk } from '../disk/target-disk.ts';
import { chooseDisk } from './chosen-disk.ts';
import type { OperationContext } from './context.ts';
import type { OperationOf, PlanOf } from './plan.ts';
import { checkTarget, clearTarget, tableSteps } from './target-steps.ts';

export async function planPartition(
  operation: OperationOf<'partition'>,
  context: OperationContext,
): Promise<PlanOf<'partition'>> {
  const disk = await chooseDisk(context, operation);
  const layout = layoutOn(disk, operation.image);
  const target = new TargetDisk(context.run, disk, layout, context.cleanUpRun);
  const { address } = disk;
  return {
    disk: describeDisk(disk),
    diskIdentity: identityOf(disk),
    steps: [
      checkTarget(context, target, message('step.check-unused', { address })),
      clearTarget(context, target, message('step.clear-for-table', { address })),
      ...tableSteps(target, message('step.write-table')),
    ],
    outcome: 'complete',
    leave: null,
    cleanUp: () => target.rollBack(),
    release: () => target.dispose(),
  };
}
