/** Capture against `partclone | zstd -T0` into a file, on the same partitions, one after the other. */

import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { filesystemOf } from '../../engine/filesystems/table.ts';
import { readDeviceStage } from '../../engine/tools/dd.ts';
import type { Stage } from '../../lib/exec/pipeline.ts';
import { formatBytes } from '../../lib/format.ts';
import type { ImagePartition } from '../../lib/model/image.ts';
import type { Task } from '../../lib/model/task.ts';
import { partitionDevice } from '../lab/loop-device.ts';
import { makeGptDisk } from '../lab/source-disks/gpt.ts';
import { MEBIBYTE } from '../lab/source-disks/layout.ts';
import {
  BenchRoom,
  stepTimes,
  type SourceDisk,
  type StoredImage,
  type TimedTask,
} from './bench-room.ts';
import type { Benchmark, BenchmarkContext, Section, Table } from './benchmark.ts';
import { makeContentDisk } from './content-disk.ts';
import { startGuarded } from './guarded.ts';
import { withProcessUse, type ProcessUse } from './processor-use.ts';
import { formatSpread, median, ratios } from './statistics.ts';
import { useTable } from './use-table.ts';

const AIM = 1.05;

export const capture: Benchmark = {
  name: 'capture',
  summary: 'time of a capture / time of partclone | zstd -T0 into a file',
  run: (context) =>
    BenchRoom.with({ hosts: 0, signal: context.signal }, (room) => measure(room, context)),
};

/** "default": partclone's own check sums; "a0": none, as OpenClone calls it. */
type Reference = 'default' | 'a0';

/** What was measured of one disk. */
type DiskFigures = {
  readonly disk: string;
  readonly rawBytes: number;
  readonly storedBytes: number;
  /** From the first step's begin to the last one's end. */
  readonly stepsMs: number[];
  readonly commandMs: number[];
  readonly referenceMs: Record<Reference, number[]>;
  /** Per partition: the step, and the same of the reference. */
  readonly partitions: {
    name: string;
    stepMs: number[];
    referenceMs: Record<Reference, number[]>;
  }[];
  /** Steps that read no partition. */
  readonly otherSteps: Record<string, number[]>;
  readonly serverUse: ProcessUse[];
  readonly engineUse: ProcessUse[];
};

async function measure(room: BenchRoom, context: BenchmarkContext): Promise<Section> {
  const { say, quick, repeats } = context;
  say('making the source disks');
  const { run } = room.room;
  const content = quick
    ? { partitions: 1, copiedBytes: 150 * MEBIBYTE, randomBytes: 20 * MEBIBYTE }
    : { partitions: 2, copiedBytes: 400 * MEBIBYTE, randomBytes: 100 * MEBIBYTE };
  const sources = {
    "the lab's GPT disk": await room.addSource('gpt', (options) => makeGptDisk(run, options)),
    'a larger disk, ext4': await room.addSource('large', (options) =>
      makeContentDisk(run, options, content),
    ),
  };
  await room.startSourceEngine(Object.values(sources));
  const figures: DiskFigures[] = [];
  for (const [name, source] of Object.entries(sources)) {
    figures.push(await measureDisk(room, context, name, source));
  }
  return {
    name: 'capture',
    title: 'Capture against partclone | zstd',
    method: [
      'OpenClone: from the begin of the first step to the end of the last one, by the times in the run; beside it the whole `openclone capture` command. ' +
        "Reference: for each partition with a stream, one after the other, `partclone.FS -c -f 1 -s PARTITION -o - | zstd -q -T0 > FILE` with partclone's own check sums, and the same with `-a0`; `dd bs=1M` where there is no file system; each file is synced to the disk before its time ends. " +
        'The reference reads neither gap nor partition table, hashes nothing and sends nothing. partclone 0.3.23 ends only when its progress thread wakes up, every second with `-f 1`: what ends early waits, and small partitions take whole seconds.',
      "Before each measurement the disk's file is read once, so that the page cache is warm, the device's own buffers are dropped (a capture drops them itself), and everything dirty is written. The order changes with every repeat.",
    ],
    tables: [
      ratioTable(figures),
      ...figures.map(stepTable),
      useTable(
        'Processor time, also per GB read from the disk (used blocks), and peak memory',
        figures.flatMap(({ disk, rawBytes, serverUse, engineUse }) => [
          { what: `server, ${disk}`, bytes: rawBytes, use: serverUse },
          { what: `engine, ${disk}`, bytes: rawBytes, use: engineUse },
        ]),
      ),
    ],
    verdicts: figures.map(({ disk, stepsMs, referenceMs }) => {
      const ratio = median(ratios(stepsMs, referenceMs.default));
      return {
        aim: `capture of ${disk} ≤ ${AIM} of partclone | zstd`,
        measured: ratio.toFixed(2),
        met: ratio <= AIM ? 'yes' : 'no',
      };
    }),
    measurements: { repeats, figures },
  };
}

async function measureDisk(
  room: BenchRoom,
  { repeats, say, signal }: BenchmarkContext,
  disk: string,
  source: SourceDisk,
): Promise<DiskFigures> {
  say(`capturing ${disk} once without measuring`);
  await room.capture(source, 'bench');
  const image = await room.image('bench');
  await room.deleteImage('bench');
  const partitions = image.manifest.partitions.filter(({ content }) => content.type === 'stream');
  const figures: DiskFigures = {
    disk,
    rawBytes: image.rawBytes,
    storedBytes: image.sizeBytes,
    stepsMs: [],
    commandMs: [],
    referenceMs: { default: [], a0: [] },
    partitions: partitions.map((partition) => ({
      name: `p${partition.number} ${partition.filesystem?.type ?? 'no file system'}`,
      stepMs: [],
      referenceMs: { default: [], a0: [] },
    })),
    otherSteps: {},
    serverUse: [],
    engineUse: [],
  };
  const referenceOf = (kind: Reference) => async (): Promise<void> => {
    const times: number[] = [];
    for (const [index, partition] of partitions.entries()) {
      const elapsedMs = await captureByHand(room, source, partition, kind, signal);
      figures.partitions[index]?.referenceMs[kind].push(elapsedMs);
      times.push(elapsedMs);
    }
    figures.referenceMs[kind].push(times.reduce((sum, time) => sum + time, 0));
  };
  const works = [
    () => captureByOpenClone(room, source, partitions, figures),
    referenceOf('default'),
    referenceOf('a0'),
  ];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    say(`${disk}: repeat ${repeat + 1} of ${repeats}`);
    for (const index of works.keys()) {
      signal.throwIfAborted();
      await prepare(room, source, image);
      await works[(index + repeat) % works.length]?.();
    }
  }
  return figures;
}

/** The same beginning for all: see the section's method. */
async function prepare(room: BenchRoom, source: SourceDisk, image: StoredImage): Promise<void> {
  await room.settle();
  const { run } = room.room;
  for (const { number, content } of image.manifest.partitions) {
    if (content.type === 'extended') continue;
    await run('blockdev', ['--flushbufs', partitionDevice(source.device, number)]);
  }
  await run('blockdev', ['--flushbufs', source.device]);
  await run('dd', [`if=${source.file}`, 'of=/dev/null', 'bs=1M', 'status=none']);
}

async function captureByOpenClone(
  room: BenchRoom,
  source: SourceDisk,
  partitions: readonly ImagePartition[],
  figures: DiskFigures,
): Promise<void> {
  const { result, use } = await withProcessUse([room.serverPid, room.sourceEnginePid], () =>
    room.capture(source, 'bench'),
  );
  await room.deleteImage('bench');
  const [serverUse, engineUse] = use;
  if (serverUse !== undefined) figures.serverUse.push(serverUse);
  if (engineUse !== undefined) figures.engineUse.push(engineUse);
  const run = onlyRun(result);
  figures.stepsMs.push(lastEnd(run) - firstStart(run));
  figures.commandMs.push(result.endedAtMs - result.startedAtMs);
  for (const step of run.steps) {
    const { startedAtMs, endedAtMs } = stepTimes(run, step.id);
    const index = partitions.findIndex(({ number }) => step.id === `capture-p${number}`);
    const list = figures.partitions[index]?.stepMs ?? (figures.otherSteps[step.id] ??= []);
    list.push(endedAtMs - startedAtMs);
  }
}

/** Returns how long it took, in ms, until the file was on the disk. */
async function captureByHand(
  room: BenchRoom,
  source: SourceDisk,
  { number, filesystem }: ImagePartition,
  kind: Reference,
  signal: AbortSignal,
): Promise<number> {
  const device = partitionDevice(source.device, number);
  const path = join(room.room.directory, 'by-hand.zst');
  const { program } = filesystemOf(filesystem?.type ?? null);
  const logFile = join(room.room.directory, 'by-hand.log');
  const read: Stage =
    program === null
      ? readDeviceStage(device)
      : {
          tool: program.name,
          args: [
            '-c',
            '-f',
            '1',
            '-s',
            device,
            '-o',
            '-',
            '-L',
            logFile,
            ...(kind === 'a0' ? ['-a0'] : []),
          ],
        };
  const startedAt = performance.now();
  const file = await open(path, 'w');
  try {
    const stages: Stage[] = [read, { tool: 'zstd', args: ['-q', '-T0', '-c'] }];
    await startGuarded(stages, { output: { fd: file.fd }, signal }).finished;
    await file.sync();
    return performance.now() - startedAt;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

function ratioTable(figures: readonly DiskFigures[]): Table {
  const seconds = (times: readonly number[]): string =>
    formatSpread(
      times.map((time) => time / 1000),
      2,
    );
  return {
    title: 'Capture: seconds, and OpenClone / reference',
    columns: [
      'disk',
      'used → stored',
      'OpenClone, steps',
      'whole command',
      'partclone | zstd',
      'the same, -a0',
      'steps / partclone | zstd',
      'steps / -a0',
      'command / partclone | zstd',
    ],
    rows: figures.map(({ disk, rawBytes, storedBytes, stepsMs, commandMs, referenceMs }) => [
      disk,
      `${formatBytes(rawBytes)} → ${formatBytes(storedBytes)}`,
      seconds(stepsMs),
      seconds(commandMs),
      seconds(referenceMs.default),
      seconds(referenceMs.a0),
      formatSpread(ratios(stepsMs, referenceMs.default), 2),
      formatSpread(ratios(stepsMs, referenceMs.a0), 2),
      formatSpread(ratios(commandMs, referenceMs.default), 2),
    ]),
  };
}

/** Where the time of a capture goes. */
function stepTable({ disk, partitions, otherSteps }: DiskFigures): Table {
  const seconds = (times: readonly number[]): string => (median(times) / 1000).toFixed(2);
  return {
    title: `Steps of the capture of ${disk}, seconds (medians)`,
    columns: ['step', 'OpenClone', 'partclone | zstd', 'the same, -a0'],
    rows: [
      ...partitions.map(({ name, stepMs, referenceMs }) => [
        name,
        seconds(stepMs),
        seconds(referenceMs.default),
        seconds(referenceMs.a0),
      ]),
      ...Object.entries(otherSteps).map(([id, times]) => [id, seconds(times), '', '']),
    ],
  };
}

function onlyRun({ task }: TimedTask): Task['runs'][number] {
  const [run] = task.runs;
  if (run === undefined) throw new Error('the task has no run');
  return run;
}

function firstStart(run: Task['runs'][number]): number {
  return Math.min(...run.steps.map(({ id }) => stepTimes(run, id).startedAtMs));
}

function lastEnd(run: Task['runs'][number]): number {
  return Math.max(...run.steps.map(({ id }) => stepTimes(run, id).endedAtMs));
}
