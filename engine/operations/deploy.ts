/** Deploy: an image onto a disk, in one transmission, hashes compared, the table valid last. */

import { describeDisk } from '../../lib/disk/disk-selection.ts';
import type { FinishStep } from '../../lib/disk/layout/restore-plan.ts';
import { identityOf } from '../../lib/disk/same-disk.ts';
import type { Message } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import { routeTo } from '../../lib/network/route.ts';
import { abortError } from '../abort.ts';
import { layoutOn } from '../../lib/disk/layout/layout-on.ts';
import { performOnPartition } from '../disk/partition-actions.ts';
import { TargetDisk } from '../disk/target-disk.ts';
import { findCompressor } from '../imaging/compression.ts';
import { Transfer, type StreamTarget } from '../imaging/transfer.ts';
import { step, type StepWork } from '../step-runner.ts';
import type { ImageReceiver } from '../transport/image-receiver.ts';
import { receiveMulticast } from '../transport/multicast-receiver.ts';
import { receiveUnicast } from '../transport/unicast-receiver.ts';
import { chooseDisk } from './chosen-disk.ts';
import type { OperationContext } from './context.ts';
import type { OperationOf, PlanOf } from './plan.ts';
import { checkTarget, clearTarget, tableSteps } from './target-steps.ts';

type DeployOperation = OperationOf<'deploy'>;

export async function planDeploy(
  operation: DeployOperation,
  context: OperationContext,
): Promise<PlanOf<'deploy'>> {
  const { image } = operation;
  const disk = await chooseDisk(context, operation);
  // Refused already while planning, so that a wrong disk never gets as far as a plan.
  const layout = layoutOn(disk, image);
  const target = new TargetDisk(context.run, disk, layout, context.cleanUpRun);
  const compressor = await findCompressor(context.run, image.compression);
  const transfer = new Transfer({ compressor, workDirectory: context.workDirectory });
  // Whatever waits for data or for room hears of a stop at once, and nobody in the session waits for us.
  context.signal.addEventListener('abort', () => void transfer.stop(), { once: true });
  return {
    disk: describeDisk(disk),
    diskIdentity: identityOf(disk),
    steps: [
      ...stepsBeforeWriting(operation, context, target, transfer),
      ...receiveSteps(target, transfer),
      ...finishSteps(context, target, transfer),
      ...tableSteps(target, message('step.write-boot-and-table')),
    ],
    outcome: 'complete',
    leave: null,
    cleanUp: async () => {
      await transfer.stop();
      for (const gone of transfer.writers()) context.lingeringWriters.add(disk.address, gone);
      return target.rollBack();
    },
    release: async () => {
      await transfer.leave();
      await target.dispose();
    },
  };
}

/** Up to the point of no return, and over it. */
function stepsBeforeWriting(
  operation: DeployOperation,
  context: OperationContext,
  target: TargetDisk,
  transfer: Transfer,
): StepWork[] {
  const { disk } = target;
  return [
    checkTarget(context, target, message('step.check-target', { disk: identityOf(disk) })),
    step(
      'wait-for-data',
      message(
        operation.source.type === 'multicast' ? 'step.wait-for-session' : 'step.wait-for-server',
      ),
      ({ signal }) => waitForData(operation, context, transfer, target.plan.streams.length, signal),
      { writes: false },
    ),
    clearTarget(context, target, message('step.clear-disk', { address: disk.address })),
  ];
}

/** Nothing is written before the first frame has shown that it is this image that comes. */
async function waitForData(
  operation: DeployOperation,
  context: OperationContext,
  transfer: Transfer,
  streamCount: number,
  signal: AbortSignal,
): Promise<void> {
  const { source, image } = operation;
  const receiver = await receiverFor(operation, context);
  transfer.receiveFrom(receiver);
  if (signal.aborted) {
    await receiver.leave();
    throw abortError(signal, 'waiting for the data');
  }
  if (source.type === 'multicast') {
    await context.events.emitDurably({ type: 'session-ready', sessionId: source.sessionId });
  }
  await transfer.begin(image, streamCount);
}

async function receiverFor(
  { source, runId, token }: DeployOperation,
  { link, run, serverHost }: OperationContext,
): Promise<ImageReceiver> {
  if (source.type === 'unicast') return receiveUnicast(link, runId, token);
  const { interfaceName } = await routeTo(run, serverHost);
  return receiveMulticast(source, interfaceName);
}

/** A step for each stream. The next one is received while the one before may still be on its way to the disk. */
function receiveSteps(target: TargetDisk, transfer: Transfer): StepWork[] {
  const steps = streamSteps(target).map(({ id, title, ...streamTarget }, index) =>
    step(
      id,
      title,
      ({ progress }) => transfer.receive(streamTarget, index, (doneBytes) => progress(doneBytes)),
      { writes: true, totalBytes: streamTarget.stream.sizeBytes },
    ),
  );
  return [
    ...steps,
    step('finish-writing', message('step.finish-writing'), () => transfer.finish(), {
      writes: true,
    }),
  ];
}

type StreamStep = StreamTarget & { readonly id: string; readonly title: Message };

function streamSteps(target: TargetDisk): StreamStep[] {
  const { disk, plan } = target;
  let gaps = 0;
  return plan.streams.map(({ stream, target: place }): StreamStep => {
    if (place.type === 'partition') {
      const { number, filesystem } = place;
      return {
        stream,
        id: `write-p${number}`,
        title: message('step.write-partition', {
          partition: number,
          filesystem,
          sizeBytes: stream.rawBytes,
        }),
        target: { type: 'partition', device: target.partition(number) },
      };
    }
    const { range, isBehind } = place;
    gaps += 1;
    return {
      stream,
      id: `write-gap-${gaps}`,
      title: message(isBehind ? 'step.write-behind' : 'step.write-gap', {
        sector: range.startSector,
      }),
      target: {
        type: 'range',
        disk: disk.address,
        range,
        sectorSizeBytes: disk.logicalSectorBytes,
      },
    };
  });
}

/** What no stream brings, then everything is on the disk. */
function finishSteps(
  context: OperationContext,
  target: TargetDisk,
  transfer: Transfer,
): StepWork[] {
  const steps = [
    ...target.plan.finish.map((finish) => finishStep(context, target, finish)),
    step(
      'sync-disk',
      message('step.sync-disk', { address: target.disk.address }),
      ({ signal }) => target.sync(signal),
      { writes: true },
    ),
  ];
  return steps.map((each) => ({ ...each, work: (c) => transfer.track(each.work(c)) }));
}

function finishStep({ run }: OperationContext, target: TargetDisk, finish: FinishStep): StepWork {
  const { type, number, actions } = finish;
  return step(
    `${type}-p${number}`,
    message(`step.${type}`, { partition: number }),
    () =>
      performOnPartition(actions, {
        run,
        device: target.partition(number),
        sectorSizeBytes: target.disk.logicalSectorBytes,
      }),
    { writes: true },
  );
}
