/** Deploy: an image onto a disk, in one transmission, hashes compared, the table valid last. */

import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { identityOf } from '../../lib/disk/same-disk.ts';
import { OperatorError } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Pipeline } from '../../lib/exec/pipeline.ts';
import type { ImageStream } from '../../lib/model/image.ts';
import type { DeployImage } from '../../lib/model/operations/assignment.ts';
import type { WorkOperation } from '../../lib/model/operation.ts';
import type { FinishStep } from '../../lib/disk/layout/restore-plan.ts';
import { routeTo } from '../../lib/route.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { checkNotBusy } from '../checks/disk-busy.ts';
import { layoutOn } from '../checks/target-fit.ts';
import { stopError } from '../abort.ts';
import { TargetDisk } from '../disk/target-disk.ts';
import { findCompressor, type Compressor } from '../imaging/compression.ts';
import { NTFS } from '../filesystems/ntfs.ts';
import { SWAP } from '../filesystems/swap.ts';
import { startRestore, type RestoreTarget } from '../imaging/restore-stream.ts';
import type { PlannedOperation, StepContext, StepWork } from '../step-runner.ts';
import { ByteSource } from '../transport/byte-source.ts';
import type { ImageReceiver } from '../transport/image-receiver.ts';
import { receiveMulticast } from '../transport/multicast-receiver.ts';
import { TransmissionReader } from '../transport/transmission-reader.ts';
import { receiveUnicast } from '../transport/unicast-receiver.ts';
import { checkSameDisk, chooseDisk } from './chosen-disk.ts';
import type { OperationContext } from './context.ts';

type DeployOperation = Extract<WorkOperation, { type: 'deploy' }>;

/** A stream of the image, and where on the target it goes. */
type StreamJob = {
  readonly stream: ImageStream;
  readonly id: string;
  readonly title: string;
  readonly target: RestoreTarget;
};

/** What the steps share: who sends, and what is still being written. */
type Transfer = {
  receiver: ImageReceiver | undefined;
  reader: TransmissionReader | undefined;
  readonly writing: Pipeline[];
  /** Steps that write by themselves, as long as they are under way. */
  readonly finishing: Promise<unknown>[];
};

export async function planDeploy(
  operation: DeployOperation,
  context: OperationContext,
): Promise<PlannedOperation> {
  const { image } = operation;
  const disk = await chooseDisk(context, operation);
  // Refused already while planning, so that a wrong disk never gets as far as a plan.
  const layout = layoutOn(disk, image);
  const target = new TargetDisk(context.run, disk, layout, context.cleanUpRun);
  const compressor = await findCompressor(context.run, image.compression);
  const transfer: Transfer = { receiver: undefined, reader: undefined, writing: [], finishing: [] };
  const jobs = streamJobs(target);
  // Whatever waits for data or for room hears of a stop at once, and nobody in the session waits for us.
  context.signal.addEventListener('abort', () => void stopTransfer(transfer), { once: true });

  const steps: StepWork[] = [
    {
      id: 'check-target',
      title: `check that ${describeDisk(disk)} fits and nothing uses it`,
      totalBytes: null,
      writes: false,
      work: async () => {
        await context.lateWriters.untilGone(disk.address);
        await target.lock();
        await checkNotBusy(context.run, disk.address);
        return undefined;
      },
    },
    {
      id: 'wait-for-data',
      title:
        operation.source.type === 'multicast'
          ? 'wait until the other hosts of the session are ready'
          : 'wait for the server to send',
      totalBytes: null,
      writes: false,
      work: async (step) => {
        await waitForData(operation, context, transfer, jobs.length, step);
        return undefined;
      },
    },
    {
      id: 'clear-disk',
      title: `clear ${disk.address}: from here on its old content is lost`,
      totalBytes: null,
      writes: true,
      work: async () => {
        // Minutes may have passed since the check.
        await checkSameDisk(context, disk);
        await checkNotBusy(context.run, disk.address);
        await target.clear();
        return undefined;
      },
    },
    ...jobs.map((job, index): StepWork => receiveStep(context, compressor, transfer, job, index)),
    {
      id: 'finish-writing',
      title: 'wait until everything received is written',
      totalBytes: null,
      writes: true,
      work: async () => {
        await transfer.reader?.end();
        await transfer.receiver?.finish();
        await Promise.all(transfer.writing.map((pipeline) => pipeline.finished));
        return undefined;
      },
    },
    ...target.plan.finish.map((step) => keptTrackOf(transfer, finishStep(context, target, step))),
    keptTrackOf(transfer, {
      id: 'sync-disk',
      title: `write ${disk.address} out of the cache`,
      totalBytes: null,
      writes: true,
      work: async ({ signal }) => {
        await target.sync(signal);
        return undefined;
      },
    }),
    {
      id: 'write-table',
      title: 'write boot code and partition table',
      totalBytes: null,
      writes: true,
      work: async () => {
        await target.writeTable();
        return undefined;
      },
    },
    {
      id: 'verify-table',
      title: 'let the kernel read the partition table, and compare it',
      totalBytes: null,
      writes: false,
      work: async () => {
        await target.verifyTable();
        return undefined;
      },
    },
  ];
  return {
    disk: describeDisk(disk),
    diskIdentity: identityOf(disk),
    steps,
    outcome: 'complete',
    cleanUp: async () => {
      await stopTransfer(transfer);
      const writers = [...transfer.writing.map(({ finished }) => finished), ...transfer.finishing];
      for (const finished of writers) context.lateWriters.add(disk.address, finished);
      return target.giveUp();
    },
    release: async () => {
      await transfer.receiver?.leave();
      await target.release();
    },
  };
}

function streamJobs(target: TargetDisk): StreamJob[] {
  const { address, logicalSectorBytes } = target.disk;
  let gaps = 0;
  return target.plan.streams.map(({ stream, target: place }): StreamJob => {
    if (place.type === 'partition') {
      const { number, filesystem } = place;
      return {
        stream,
        id: `write-p${number}`,
        title: `write partition ${number} (${filesystem ?? 'unknown'}, ${formatBytes(stream.rawBytes)})`,
        target: { type: 'partition', device: target.partition(number) },
      };
    }
    const { range, isBehind } = place;
    gaps += 1;
    return {
      stream,
      id: `write-gap-${gaps}`,
      title: isBehind
        ? `write the database behind the partitions at sector ${range.startSector}`
        : `write the boot loader's gap at sector ${range.startSector}`,
      target: { type: 'range', disk: address, range, sectorSizeBytes: logicalSectorBytes },
    };
  });
}

/** Nothing is written before the first frame has shown that it is this image that comes. */
async function waitForData(
  operation: DeployOperation,
  context: OperationContext,
  transfer: Transfer,
  streamCount: number,
  step: StepContext,
): Promise<void> {
  const { source, image } = operation;
  const receiver =
    source.type === 'unicast'
      ? await receiveUnicast(context.link, operation.runId, operation.token)
      : receiveMulticast(source, (await routeTo(context.run, context.serverHost)).interfaceName);
  transfer.receiver = receiver;
  if (step.signal.aborted) {
    await receiver.leave();
    throw stopError(step.signal, 'waiting for the data');
  }
  if (source.type === 'multicast') {
    await context.events.send({ type: 'session-ready', sessionId: source.sessionId });
  }
  const reader = new TransmissionReader(new ByteSource(receiver.data), receiver.transmissionId);
  try {
    await reader.begin(image, streamCount);
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'stream-broken') {
      throw missedError(image, error);
    }
    throw error;
  }
  transfer.reader = reader;
}

/** The next stream is received while the one before may still be on its way to the disk. */
function receiveStep(
  context: OperationContext,
  compressor: Compressor,
  transfer: Transfer,
  { stream, id, title, target }: StreamJob,
  index: number,
): StepWork {
  return {
    id,
    title,
    totalBytes: stream.sizeBytes,
    writes: true,
    work: async (step) => {
      const failed = transfer.writing.map(async (pipeline) => {
        await pipeline.finished;
        return new Promise<never>(() => undefined);
      });
      const pipeline = startRestore({
        stream,
        target,
        compressor,
        workDirectory: context.workDirectory,
      });
      transfer.writing.push(pipeline);
      const { reader } = transfer;
      if (reader === undefined) throw new TypeError('no transmission to read from');
      const received = reader.stream(stream, index, pipeline, (done) => step.progress(done));
      await Promise.race([received, ...failed]);
      return undefined;
    },
  };
}

/** What no stream brings. */
function finishStep({ run }: OperationContext, target: TargetDisk, step: FinishStep): StepWork {
  const { number } = step;
  const finishTarget = {
    run,
    device: target.partition(number),
    sectorSizeBytes: target.disk.logicalSectorBytes,
  };
  switch (step.type) {
    case 'write-swap':
      return {
        id: `write-swap-p${number}`,
        title: `write the swap header of partition ${number}`,
        totalBytes: null,
        writes: true,
        work: async () => {
          await SWAP.afterRestore(step, finishTarget);
          return undefined;
        },
      };
    case 'make-swap':
      return {
        id: `make-swap-p${number}`,
        title: `make swap on partition ${number}`,
        totalBytes: null,
        writes: true,
        work: async () => {
          await SWAP.afterRestore(step, finishTarget);
          return undefined;
        },
      };
    case 'write-ntfs-backup':
      return {
        id: `write-ntfs-backup-p${number}`,
        title: `write the backup boot sector of partition ${number}`,
        totalBytes: null,
        writes: true,
        work: () => NTFS.afterRestore(step, finishTarget),
      };
    default:
      return unreachable(step);
  }
}

/** Its tools, too, are killed when it is stopped, and may be in the kernel for long. */
function keptTrackOf({ finishing }: Transfer, step: StepWork): StepWork {
  return {
    ...step,
    work: (context) => {
      const working = step.work(context);
      finishing.push(working);
      return working;
    },
  };
}

/** Leaves the session first, so that the other hosts are not held up, then ends what still writes. */
async function stopTransfer(transfer: Transfer): Promise<void> {
  await transfer.receiver?.leave();
  // Killed writers write nothing more, but may take long to end: the kernel syncs what they have written.
  for (const pipeline of transfer.writing) pipeline.kill('SIGKILL');
}

function missedError(image: DeployImage, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'session-missed',
    message: `waiting for the image "${image.name}": the transmission did not reach this host`,
    hint: 'Check that multicast passes between server and host (switches, IGMP), or deploy with --transport unicast.',
    cause,
  });
}
