/** Capture: a disk becomes an image. The disk is only read, and write-protected meanwhile. */

import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { identityOf } from '../../lib/disk/same-disk.ts';
import type { CapturedDisk, ImageStream } from '../../lib/model/image.ts';
import { checkNotBusy } from '../checks/disk-busy.ts';
import { protectDisk } from '../checks/protect.ts';
import { addMissingPartitions } from '../disk/kernel-partitions.ts';
import type { CaptureJob } from '../imaging/capture-job.ts';
import { gapStep, partitionStep } from '../imaging/capture-steps.ts';
import { findCompressor } from '../imaging/compression.ts';
import { describeCapture } from '../imaging/describe-capture.ts';
import { planPartitions, type PartitionPlan } from '../imaging/partition-plan.ts';
import { chooseSources, type Sources } from '../imaging/partition-sources.ts';
import { assertPlanHolds } from '../imaging/plan-check.ts';
import { readSourceTable, type SourceTable } from '../imaging/source-table.ts';
import { step, type StepWork } from '../step-runner.ts';
import { flushBuffers } from '../tools/blockdev.ts';
import { removePartition } from '../tools/partx.ts';
import { uploadWithRetry } from '../transport/upload-with-retry.ts';
import { uploadDescription } from '../transport/upload.ts';
import { chooseDisk } from './chosen-disk.ts';
import type { OperationContext } from './context.ts';
import type { OperationOf, PlanOf } from './plan.ts';
import { message } from '../../lib/model/messages/table.ts';

type CaptureOperation = OperationOf<'capture'>;

export async function planCapture(
  operation: CaptureOperation,
  context: OperationContext,
): Promise<PlanOf<'capture'>> {
  const { run, link, log, workDirectory } = context;
  const disk = await chooseDisk(context, operation);
  const compressor = await findCompressor(run, operation.compression);
  const table = await readSourceTable(run, disk);
  // What the disk was given for the time of the work; the last is taken back first, and none is left out for another's failure.
  const held = new AsyncDisposableStack();
  try {
    await addMissingPartitions(run, disk, table.onDisk.table, (number) => {
      held.defer(() => removePartition(context.cleanUpRun, disk.address, number));
    });
    const partitions = await planPartitions(run, disk, table.onDisk);
    const job = { target: operation, run, link, log, workDirectory, disk, compressor };
    return {
      disk: describeDisk(disk),
      diskIdentity: identityOf(disk),
      steps: captureSteps(job, context, { ...table, partitions }, held),
      outcome: 'untouched',
      leave: null,
      // The source is never written to; what the server has of a broken capture it discards itself.
      cleanUp: () => Promise.resolve('untouched'),
      release: () => held.disposeAsync(),
    };
  } catch (error) {
    await held.disposeAsync().catch((fault: unknown) => {
      context.events.fault('giving back the disk', fault);
    });
    throw error;
  }
}

type CapturePlan = SourceTable & { readonly partitions: readonly PartitionPlan[] };

function captureSteps(
  job: CaptureJob,
  context: OperationContext,
  plan: CapturePlan,
  held: AsyncDisposableStack,
): StepWork[] {
  const { run, disk } = job;
  const { onDisk, gaps, partitions } = plan;
  const streams = new Map<string, ImageStream>();
  let sources: Sources = new Map();
  return [
    step(
      'check-source',
      message('step.check-unused', { address: disk.address }),
      async () => {
        await checkNotBusy(run, disk.address);
        return onDisk.warnings.length === 0
          ? undefined
          : { state: 'warned', notes: onDisk.warnings };
      },
      { writes: false },
    ),
    step(
      'protect-source',
      message('step.protect-source', { address: disk.address }),
      async ({ signal }) => {
        await flushBuffers(run, disk.address);
        signal.throwIfAborted();
        // Taken back also when it is done only after a stop.
        const protecting = protectDisk(context.cleanUpRun, disk.address, context.workDirectory);
        held.defer(async () => (await protecting)());
        await protecting;
        await checkNotBusy(run, disk.address);
        await assertPlanHolds(run, disk, plan);
      },
      { writes: false },
    ),
    step(
      'check-filesystems',
      message('step.check-filesystems'),
      async ({ signal }) => {
        sources = await chooseSources(disk, partitions, {
          run,
          workDirectory: job.workDirectory,
          signal,
        });
      },
      { writes: false },
    ),
    ...partitions.flatMap((partition) => {
      const reading = partitionStep(job, partition, () => sources, streams);
      return reading === null ? [] : [reading];
    }),
    ...gaps.map((range, index) => gapStep(job, partitions, range, index, streams)),
    step(
      'store-image',
      message('step.store-image'),
      async ({ signal }) => {
        const image = await describeCapture(job, plan, partitions, streams);
        await sendDescription(job, image, signal);
        await context.events.emitDurably({ type: 'captured' });
      },
      { writes: false },
    ),
  ];
}

async function sendDescription(
  job: CaptureJob,
  image: CapturedDisk,
  signal: AbortSignal,
): Promise<void> {
  await uploadWithRetry(job, 'description', signal, () =>
    uploadDescription(job.link, job.target, image),
  );
}
