/** Partition: the table of an image onto a disk, and nothing else. What was on the disk is lost. */

import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { identityOf } from '../../lib/disk/same-disk.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { WorkOperation } from '../../lib/model/operation.ts';
import { checkNotBusy } from '../checks/disk-busy.ts';
import { layoutOn } from '../../lib/disk/layout/layout-on.ts';
import { TargetDisk } from '../disk/target-disk.ts';
import { step, type PlannedOperation } from '../step-runner.ts';
import { chooseDisk } from './chosen-disk.ts';
import type { OperationContext } from './context.ts';

export async function planPartition(
  operation: Extract<WorkOperation, { type: 'partition' }>,
  context: OperationContext,
): Promise<PlannedOperation> {
  const disk = await chooseDisk(context, operation);
  const layout = layoutOn(disk, operation.image);
  const target = new TargetDisk(context.run, disk, layout, context.cleanUpRun);
  return {
    disk: describeDisk(disk),
    diskIdentity: identityOf(disk),
    steps: [
      step(
        'check-target',
        message('step.check-unused', { address: disk.address }),
        async () => {
          await context.lingeringWriters.waitUntilExited(disk.address);
          await checkNotBusy(context.run, disk.address);
        },
        { writes: false },
      ),
      step(
        'clear-disk',
        message('step.clear-for-table', { address: disk.address }),
        () => target.clear(),
        {
          writes: true,
        },
      ),
      step('write-table', message('step.write-table'), () => target.writeTable(), { writes: true }),
      step('verify-table', message('step.verify-table'), () => target.verifyTable(), {
        writes: false,
      }),
    ],
    outcome: 'complete',
    cleanUp: () => target.rollBack(),
    release: () => target.dispose(),
  };
}
