/** The steps that every operation has which writes to a disk: up to the point of no return, and what makes the disk boot again. */

import type { Message } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import { checkNotBusy } from '../checks/disk-busy.ts';
import type { TargetDisk } from '../disk/target-disk.ts';
import { step, type StepWork } from '../step-runner.ts';
import { checkSameDisk } from './chosen-disk.ts';
import type { OperationContext } from './context.ts';

/** Nothing uses the disk, and it is kept for us from then on. */
export function checkTarget(
  context: OperationContext,
  target: TargetDisk,
  title: Message,
): StepWork {
  const { address } = target.disk;
  return step(
    'check-target',
    title,
    async ({ signal }) => {
      await context.lingeringWriters.waitUntilExited(address);
      // After a stop nobody would release the lock any more.
      signal.throwIfAborted();
      await target.lock();
      await checkNotBusy(context.run, address);
    },
    { writes: false },
  );
}

/** The point of no return. */
export function clearTarget(
  context: OperationContext,
  target: TargetDisk,
  title: Message,
): StepWork {
  const { disk } = target;
  return step(
    'clear-disk',
    title,
    async () => {
      // Minutes may have passed since the disk was chosen and checked.
      await checkSameDisk(context, disk);
      await checkNotBusy(context.run, disk.address);
      await target.clear();
    },
    { writes: true },
  );
}

/** From the first of these on the disk boots again. */
export function tableSteps(target: TargetDisk, title: Message): StepWork[] {
  return [
    step('write-table', title, () => target.writeTable(), { writes: true }),
    step('verify-table', message('step.verify-table'), () => target.verifyTable(), {
      writes: false,
    }),
  ];
}
