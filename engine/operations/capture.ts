/** Capture: a disk becomes an image. The disk is only read, and write-protected meanwhile. */

import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { identityOf } from '../../lib/disk/same-disk.ts';
import { OperatorError } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import type { CapturedDisk, ImageGap, ImagePartition, ImageStream } from '../../lib/model/image.ts';
import type { WorkOperation } from '../../lib/model/operation.ts';
import type { GptPartition, MbrPartition } from '../../lib/model/partition-table.ts';
import type { Disk, Filesystem } from '../../lib/model/system-info.ts';
import {
  KERNEL_SECTOR_BYTES,
  sectorsToBytes,
  type Bytes,
  type SectorRange,
} from '../../lib/units.ts';
import { unlessStopped } from '../abort.ts';
import { checkNotBusy } from '../checks/disk-busy.ts';
import { protectDisk } from '../checks/protect.ts';
import { dynamicDiskAreas, isDynamicPartition } from '../../lib/disk/dynamic-disk.ts';
import { requiredBytes } from '../../lib/disk/layout/fit.ts';
import { gapsOf } from '../../lib/disk/tables/kinds.ts';
import { endOf } from '../../lib/disk/tables/ranges.ts';
import { readPartitionTable } from '../../lib/disk/tables/partition-table.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import type { TableOnDisk } from '../../lib/disk/tables/table-area.ts';
import {
  besidePartitions,
  outsidePartitions,
  refuseMember,
  wholeDiskContent,
} from '../../lib/disk/whole-disk-use.ts';
import type { ContentPlan } from '../filesystems/content-plan.ts';
import { assertSameHeader } from '../filesystems/swap.ts';
import { filesystemOf } from '../filesystems/table.ts';
import { contentOf, startCapture, type CaptureSource } from '../imaging/capture-stream.ts';
import { chosen, chooseSource, chooseSwap, type Choice } from '../imaging/choose-source.ts';
import { findCompressor, type Compressor } from '../imaging/compression.ts';
import type { PlannedOperation, StepContext, StepEnd, StepWork } from '../step-runner.ts';
import { findBlockDevice, listPartitions, partitionAddress } from '../system-info/block-device.ts';
import { readFact } from '../system-info/fact.ts';
import { probeDevice } from '../tools/blkid.ts';
import { flushBuffers } from '../tools/blockdev.ts';
import { partcloneVersion } from '../tools/partclone.ts';
import { addPartition, removePartition } from '../tools/partx.ts';
import { dumpTable } from '../tools/sfdisk.ts';
import { listSignatures } from '../tools/wipefs.ts';
import type { Signature } from '../../lib/disk/signature.ts';
import { uploadDescription, uploadStream, type Receipt } from '../transport/upload.ts';
import { chooseDisk } from './chosen-disk.ts';
import type { OperationContext } from './context.ts';

type CaptureOperation = Extract<WorkOperation, { type: 'capture' }>;

/** The file system that blkid sees is the first volume in it; a dynamic disk may have others behind. */
const DYNAMIC: ContentPlan = {
  type: 'every-sector',
  reason: 'it belongs to a dynamic disk, and may hold several volumes',
};

/** How often a stream is sent anew when the connection to the server fails under it. */
const UPLOAD_ATTEMPTS = 4;
const RECONNECT_MS = 60_000;

/** What will be captured of one partition. How a stream is read is chosen when the disk is write-protected. */
type PartitionPlan = {
  readonly partition: MbrPartition | GptPartition;
  readonly filesystem: Filesystem | null;
  readonly device: string;
  readonly content: ContentPlan | { readonly type: 'extended' };
};

/** How the partitions are read, by their numbers. */
type Sources = Map<number, Extract<Choice, { type: 'capture' }>>;

export async function planCapture(
  operation: CaptureOperation,
  context: OperationContext,
): Promise<PlannedOperation> {
  const { run } = context;
  const disk = await chooseDisk(context, operation);
  const compressor = await findCompressor(run, operation.compression);
  const { onDisk, gaps } = await readTable(run, disk);
  const added = await addMissingPartitions(context, disk, onDisk);
  const removeAdded = async (): Promise<void> => {
    for (const number of added) await removePartition(context.cleanUpRun, disk.address, number);
  };
  const release: (() => Promise<void>)[] = [removeAdded];
  let partitions: PartitionPlan[];
  try {
    partitions = await planPartitions(context, disk, onDisk);
  } catch (error) {
    await removeAdded();
    throw error;
  }
  const job: CaptureJob = { operation, context, disk, compressor };
  const streams = new Map<string, ImageStream>();
  const sources: Sources = new Map();

  const steps: StepWork[] = [
    {
      id: 'check-source',
      title: `check that nothing uses ${disk.address}`,
      totalBytes: null,
      writes: false,
      work: async () => {
        await checkNotBusy(run, disk.address);
        return onDisk.warnings.length === 0
          ? undefined
          : { state: 'warned', note: onDisk.warnings.join('; ') };
      },
    },
    {
      id: 'protect-source',
      title: `write-protect ${disk.address} while it is read`,
      totalBytes: null,
      writes: false,
      work: async () => {
        await flushBuffers(run, disk.address);
        // Given back also when it is done only after a stop.
        const protecting = protectDisk(context.cleanUpRun, disk.address, context.workDirectory);
        release.unshift(async () => (await protecting)());
        await protecting;
        await checkNotBusy(run, disk.address);
        await checkPlan(context, disk, { onDisk, gaps, partitions });
        return undefined;
      },
    },
    {
      id: 'check-filesystems',
      title: 'check that the file systems were left clean',
      totalBytes: null,
      writes: false,
      work: async (step) => {
        await chooseSources(context, disk, partitions, sources, step.signal);
        return undefined;
      },
    },
    ...partitions.flatMap((plan): StepWork[] => partitionSteps(job, plan, sources, streams)),
    ...gaps.map((range, index) => gapStep(job, partitions, range, index, streams)),
    {
      id: 'store-image',
      title: 'let the server verify and store the image',
      totalBytes: null,
      writes: false,
      work: async (step) => {
        const image = await describeCapture(job, onDisk, partitions, gaps, streams);
        await sendDescription(job, image, step.signal);
        await context.events.send({ type: 'captured' });
        return undefined;
      },
    },
  ];
  return {
    disk: describeDisk(disk),
    diskIdentity: identityOf(disk),
    steps,
    outcome: 'untouched',
    // The source is never written to; what the server has of a broken capture it discards itself.
    cleanUp: () => Promise.resolve('untouched'),
    release: async () => {
      // One after the other, the last taken first; one that fails does not keep the others.
      const failures: unknown[] = [];
      for (const giveBack of release) {
        await giveBack().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'giving the disk back');
    },
  };
}

type CaptureJob = {
  readonly operation: CaptureOperation;
  readonly context: OperationContext;
  readonly disk: Disk;
  readonly compressor: Compressor;
};

/** The table, and what belongs to the image outside of partitions. Throws for a disk that an image could not hold. */
async function readTable(
  run: OperationContext['run'],
  disk: Disk,
): Promise<{ onDisk: TableOnDisk; gaps: readonly SectorRange[] }> {
  const signatures = await listSignatures(run, disk.address);
  const reader = await fileReader(disk.address, disk.logicalSectorBytes);
  try {
    const onDisk = await readPartitionTable(reader).catch((error: unknown) => {
      throw namedByContent(error, disk, signatures);
    });
    const outside = outsidePartitions(signatures, onDisk.table);
    refuseMember(disk.address, outside);
    if (onDisk.table.partitions.length === 0) {
      throw new OperatorError({
        code: 'partition-table-bad',
        message: `planning the capture of ${describeDisk(disk)}: its partition table is empty`,
        hint: 'Choose the disk that the machine boots from.',
      });
    }
    const dynamicAreas = await dynamicDiskAreas(reader, onDisk.table);
    const warnings = [
      ...onDisk.warnings,
      ...besidePartitions(outside),
      ...(onDisk.table.partitions.some(isDynamicPartition) ? [DYNAMIC_WARNING] : []),
    ];
    return {
      onDisk: { ...onDisk, warnings },
      gaps: [...gapsOf(onDisk.table), ...dynamicAreas],
    };
  } finally {
    await reader.close();
  }
}

const DYNAMIC_WARNING =
  'This is a Windows dynamic disk: its database and all sectors of its partitions are in the image, but of volumes that span several disks only a part; deploy to disks of the same size, and keep no two clones in one computer';

/** A disk without a table that can be used, said by what is on it. */
function namedByContent(error: unknown, disk: Disk, signatures: readonly Signature[]): unknown {
  const isTable = error instanceof OperatorError && error.code === 'partition-table-bad';
  if (!isTable || signatures.length === 0) return error;
  const outside = outsidePartitions(signatures, null);
  refuseMember(disk.address, outside);
  // What the reader of the table has recognised by itself it has named.
  if (signatures.some(({ usage }) => usage === 'partition-table')) return error;
  const found = wholeDiskContent(outside);
  if (found === null || /whole disk|ISO image/.test(error.message)) return error;
  return new OperatorError({
    code: error.code,
    message: `planning the capture of ${describeDisk(disk)}: it has no partition table, the whole disk is ${found}`,
    hint: error.hint,
  });
}

/** Kernels without the right partition parser do not know all partitions: they are told, for the time of the work. */
async function addMissingPartitions(
  { run }: OperationContext,
  disk: Disk,
  { table }: TableOnDisk,
): Promise<number[]> {
  const added: number[] = [];
  for (const partition of table.partitions) {
    if ('kind' in partition && partition.kind === 'extended') continue;
    const { number } = partition;
    const known = await knownPlace(disk, number);
    if (known !== null) {
      checkPlace(disk, partition, known);
      continue;
    }
    await addPartition(run, disk.address, number, partition, disk.logicalSectorBytes);
    added.push(number);
  }
  return added;
}

/** Where the kernel has a partition, in units of KERNEL_SECTOR_BYTES; null when it has none of that number. */
async function knownPlace(disk: Disk, number: number): Promise<SectorRange | null> {
  const device = await findBlockDevice(disk.address);
  const partition = (await listPartitions(device)).find((each) => each.number === number);
  if (partition === undefined) return null;
  const size = await readFact(join(partition.sysfsDirectory, 'size'));
  return { startSector: partition.startKernelSector, sectorCount: Number(size) };
}

/** The kernel may still go by a table that was replaced since: then it would read other sectors than the plan says. */
function checkPlace(
  disk: Disk,
  partition: SectorRange & { number: number },
  known: SectorRange,
): void {
  const bytes = (sectors: number): Bytes => sectorsToBytes(sectors, disk.logicalSectorBytes);
  if (
    bytes(partition.startSector) === sectorsToBytes(known.startSector, KERNEL_SECTOR_BYTES) &&
    bytes(partition.sectorCount) === sectorsToBytes(known.sectorCount, KERNEL_SECTOR_BYTES)
  ) {
    return;
  }
  throw new OperatorError({
    code: 'partition-table-bad',
    message: `planning the capture of ${describeDisk(disk)}: the kernel has partition ${partition.number} elsewhere than the table on the disk`,
    hint: `Start the host anew, or run \`partx --update ${disk.address}\` on it, then capture again.`,
  });
}

async function planPartitions(
  { run }: OperationContext,
  disk: Disk,
  { table }: TableOnDisk,
): Promise<PartitionPlan[]> {
  const plans: PartitionPlan[] = [];
  for (const partition of table.partitions) {
    const device = partitionAddress(disk.address, partition.number);
    if ('kind' in partition && partition.kind === 'extended') {
      plans.push({ partition, device, filesystem: null, content: { type: 'extended' } });
      continue;
    }
    const probe = await probeDevice(run, device);
    const filesystem =
      probe.filesystemType === null
        ? null
        : {
            type: probe.filesystemType,
            uuid: probe.filesystemUuid,
            label: probe.filesystemLabel,
          };
    const { plan } = filesystemOf(probe.filesystemType);
    const planned = (await plan?.(device)) ?? null;
    const content = planned ?? (isDynamicPartition(partition) ? DYNAMIC : { type: 'inspect' });
    plans.push({ partition, device, filesystem, content });
  }
  return plans;
}

/**
 * An engine that was started by hand on a running system made its plan while others could still write. Throws
 * `disk-read-failed` when table, gaps or what the partitions hold are not what the plan says any more.
 */
async function checkPlan(
  context: OperationContext,
  disk: Disk,
  planned: {
    readonly onDisk: TableOnDisk;
    readonly gaps: readonly SectorRange[];
    readonly partitions: readonly PartitionPlan[];
  },
): Promise<void> {
  const now = await readTable(context.run, disk);
  const isSameTable =
    isDeepStrictEqual(now.onDisk, planned.onDisk) && isDeepStrictEqual(now.gaps, planned.gaps);
  if (!isSameTable) throw changedMeanwhile(disk, 'its partition table changed');
  for (const { partition } of planned.partitions) {
    if ('kind' in partition && partition.kind === 'extended') continue;
    const known = await knownPlace(disk, partition.number);
    if (known === null) throw changedMeanwhile(disk, `partition ${partition.number} is gone`);
    checkPlace(disk, partition, known);
  }
  const partitions = await planPartitions(context, disk, planned.onDisk);
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

/**
 * Fills `sources`. Throws `disk-read-failed` when an image would lack data that is in a journal or in Windows' memory
 * only; the error names every partition of which that is true.
 */
async function chooseSources(
  { run, workDirectory }: OperationContext,
  disk: Disk,
  partitions: readonly PartitionPlan[],
  sources: Sources,
  signal: AbortSignal,
): Promise<void> {
  const refused: { device: string; state: string; remedy: string }[] = [];
  for (const { partition, device, filesystem, content } of partitions) {
    signal.throwIfAborted();
    if (content.type === 'swap' || content.type === 'extended') continue;
    const type = filesystem?.type ?? null;
    const options = { run, workDirectory, signal };
    const choice =
      content.type === 'swap-and-more'
        ? await chooseSwap(device, content.header, signal)
        : content.type === 'inspect'
          ? await chooseSource({ device, type }, filesystemOf(type), options)
          : chosen(device, content);
    if (choice.type === 'refused') refused.push({ device, ...choice });
    else sources.set(partition.number, choice);
  }
  const [first, ...others] = refused;
  if (first === undefined) return;
  if (others.length === 0) {
    throw new OperatorError({
      code: 'disk-read-failed',
      message: `checking the file system on ${first.device}: ${first.state}`,
      hint: first.remedy,
    });
  }
  throw new OperatorError({
    code: 'disk-read-failed',
    message: `checking the file systems of ${disk.address}: ${refused
      .map(({ device, state }) => `on ${device}, ${state}`)
      .join('; ')}`,
    hint: remedies(refused),
  });
}

/** Each remedy once, with the devices that it is for when there are several. */
function remedies(refused: readonly { device: string; remedy: string }[]): string {
  const devicesOf = new Map<string, string[]>();
  for (const { device, remedy } of refused) {
    devicesOf.set(remedy, [...(devicesOf.get(remedy) ?? []), device]);
  }
  if (devicesOf.size === 1) return [...devicesOf.keys()].join('');
  return [...devicesOf].map(([remedy, devices]) => `${devices.join(', ')}: ${remedy}`).join(' ');
}

function partitionSteps(
  job: CaptureJob,
  { partition, device, filesystem, content }: PartitionPlan,
  sources: Sources,
  streams: Map<string, ImageStream>,
): StepWork[] {
  if (content.type === 'extended') return [];
  const { disk, compressor } = job;
  const sizeBytes = sectorsToBytes(partition.sectorCount, disk.logicalSectorBytes);
  const what = `partition ${partition.number} (${filesystem?.type ?? 'unknown'}, ${formatBytes(sizeBytes)})`;
  if (content.type === 'swap') {
    return [
      {
        id: `read-p${partition.number}`,
        title: `keep the header of ${what}`,
        totalBytes: null,
        writes: false,
        work: async () => {
          await assertSameHeader(device, content.header);
          return undefined;
        },
      },
    ];
  }
  return [
    {
      id: `capture-p${partition.number}`,
      title: `read ${what}`,
      totalBytes: sizeBytes,
      writes: false,
      work: async (step) => {
        const chosen = sources.get(partition.number);
        if (chosen === undefined)
          throw new TypeError(`no source for partition ${partition.number}`);
        const { source, warning } = chosen;
        const partitionKey = `p${partition.number}`;
        const format = contentOf(source);
        const name = `${partitionKey}.${format}${compressor.suffix}`;
        const stream = { key: partitionKey, name, source, sizeBytes, warning };
        return captureInto(job, streams, stream, step);
      },
    },
  ];
}

function gapStep(
  job: CaptureJob,
  partitions: readonly PartitionPlan[],
  range: SectorRange,
  index: number,
  streams: Map<string, ImageStream>,
): StepWork {
  const { disk, compressor } = job;
  const sizeBytes = sectorsToBytes(range.sectorCount, disk.logicalSectorBytes);
  const key = `gap-${index + 1}`;
  const name = `${key}.raw${compressor.suffix}`;
  const source: CaptureSource = {
    type: 'range',
    disk: disk.address,
    range,
    sectorSizeBytes: disk.logicalSectorBytes,
  };
  return {
    id: `capture-${key}`,
    title: isBehind(range, partitions)
      ? `read the database behind the partitions at sector ${range.startSector} (${formatBytes(sizeBytes)})`
      : `read the boot loader's gap at sector ${range.startSector} (${formatBytes(sizeBytes)})`,
    totalBytes: sizeBytes,
    writes: false,
    work: async (step) =>
      captureInto(job, streams, { key, name, source, sizeBytes, warning: null }, step),
  };
}

function isBehind(range: SectorRange, partitions: readonly PartitionPlan[]): boolean {
  return partitions.every(({ partition }) => range.startSector >= endOf(partition));
}

/** Captures one stream, again from its start when the connection to the server is lost under it. */
async function captureInto(
  { operation, context, compressor }: CaptureJob,
  streams: Map<string, ImageStream>,
  stream: {
    key: string;
    name: string;
    source: CaptureSource;
    sizeBytes: Bytes;
    warning: string | null;
  },
  step: StepContext,
): Promise<StepEnd> {
  const { key, name, source, sizeBytes, warning } = stream;
  const partial = contentOf(source) === 'partclone';
  let rawBytes = 0;
  for (let attempt = 1; ; attempt += 1) {
    const pipeline = startCapture({
      source,
      compressor,
      workDirectory: context.workDirectory,
      onProgress: ({ usedBytes, fraction }) => {
        rawBytes = usedBytes;
        step.progress(usedBytes * fraction, usedBytes, fraction);
      },
    });
    const kill = (): void => pipeline.kill('SIGKILL');
    step.signal.addEventListener('abort', kill, { once: true });
    try {
      const receipt = await uploadStream(
        context.link,
        { runId: operation.runId, token: operation.token, name },
        pipeline,
        (sentBytes) => {
          // Of plain sectors that are compressed only the sent bytes are known: a lower bound of what was read.
          if (!partial) step.progress(Math.min(sentBytes, sizeBytes));
        },
      );
      if (!partial && rawBytes !== sizeBytes) throw wrongLength(name, rawBytes, sizeBytes);
      streams.set(key, await describeStream(context, source, name, rawBytes, receipt));
      step.progress(rawBytes, rawBytes, 1);
      const notes = [
        warning,
        attempt > 1 ? `sent ${attempt} times: the connection was lost` : null,
      ];
      const note = notes.filter((each) => each !== null).join('; ');
      return note === '' ? undefined : { state: 'warned', note };
    } catch (error) {
      if (attempt >= UPLOAD_ATTEMPTS) throw error;
      await beforeSendingAgain(context, { name, attempt, error }, step.signal);
    } finally {
      step.signal.removeEventListener('abort', kill);
      await pipeline.finished.catch(() => undefined);
    }
  }
}

/** Waits for the server when only the connection to it was lost; throws `error` else. */
async function beforeSendingAgain(
  { link, log }: OperationContext,
  { name, attempt, error }: { name: string; attempt: number; error: unknown },
  signal: AbortSignal,
): Promise<void> {
  const isBroken = error instanceof OperatorError && error.code === 'stream-broken';
  if (!isBroken || signal.aborted) throw error;
  log.warn({ event: 'retry', stream: name, attempt }, 'sending the stream again');
  await unlessStopped(signal, 'sending the stream again', link.waitOnline(RECONNECT_MS));
}

/** The description of the image, again when the connection to the server is lost under it. */
async function sendDescription(
  { operation, context }: CaptureJob,
  image: CapturedDisk,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await uploadDescription(context.link, operation, image);
      return;
    } catch (error) {
      if (attempt >= UPLOAD_ATTEMPTS) throw error;
      await beforeSendingAgain(context, { name: 'description', attempt, error }, signal);
    }
  }
}

function wrongLength(name: string, foundBytes: Bytes, sizeBytes: Bytes): OperatorError {
  return new OperatorError({
    code: 'disk-read-failed',
    message: `reading the stream ${name}: ${foundBytes} bytes were read instead of ${sizeBytes}`,
    hint: 'The disk may be failing: see dmesg and smartctl.',
  });
}

async function describeStream(
  { run }: OperationContext,
  source: CaptureSource,
  name: string,
  rawBytes: Bytes,
  receipt: Receipt,
): Promise<ImageStream> {
  const tool = await toolOf(run, source);
  const content = contentOf(source);
  return { name, content, tool, rawBytes, ...receipt };
}

async function toolOf(run: OperationContext['run'], source: CaptureSource): Promise<string> {
  switch (source.type) {
    case 'filesystem':
      return partcloneVersion(run, source.program.name);
    case 'used-blocks':
      return 'OpenClone';
    case 'device':
    case 'range':
      return 'dd';
  }
}

async function describeCapture(
  { context, disk, compressor }: CaptureJob,
  { table, areas }: TableOnDisk,
  partitions: readonly PartitionPlan[],
  gaps: readonly SectorRange[],
  streams: ReadonlyMap<string, ImageStream>,
): Promise<CapturedDisk> {
  const streamOf = (key: string): ImageStream => {
    const stream = streams.get(key);
    if (stream === undefined) throw new TypeError(`stream ${key} was not captured`);
    return stream;
  };
  return {
    disk: {
      address: disk.address,
      model: disk.model,
      serial: disk.serial,
      wwn: disk.wwn,
      sizeBytes: disk.sizeBytes,
      logicalSectorBytes: disk.logicalSectorBytes,
      physicalSectorBytes: disk.physicalSectorBytes,
    },
    requiredBytes: requiredBytes(table, gaps),
    compression: compressor.compression,
    compressionTool: compressor.tool,
    partitionTable: table,
    sfdiskDump: await dumpTable(context.run, disk.address),
    tableAreas: [...areas],
    gaps: gaps.map((range, index): ImageGap => ({
      ...range,
      stream: streamOf(`gap-${index + 1}`),
    })),
    partitions: partitions.map(({ partition, filesystem, content }): ImagePartition => {
      const { number, startSector, sectorCount } = partition;
      const place = { number, startSector, sectorCount, filesystem };
      switch (content.type) {
        case 'extended':
          return { ...place, content: { type: 'extended' } };
        case 'swap': {
          const { uuid = null, label = null } = filesystem ?? {};
          return { ...place, content: { type: 'swap', uuid, label, header: content.header } };
        }
        default:
          return { ...place, content: { type: 'stream', stream: streamOf(`p${number}`) } };
      }
    }),
  };
}
