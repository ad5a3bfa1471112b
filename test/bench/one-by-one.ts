/** Deploy against Clonezilla's way: a udp-sender per partition, one after the other. */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findCompressor } from '../../engine/imaging/compression.ts';
import { writeDeviceStage } from '../../engine/tools/dd.ts';
import { restoreStage } from '../../engine/tools/partclone.ts';
import { formatBytes } from '../../lib/format.ts';
import type { ImageStream } from '../../lib/model/image.ts';
import { partitionDevice } from '../lab/loop-device.ts';
import { INTERFACE } from '../lab/network.ts';
import { makeGptDisk } from '../lab/source-disks/gpt.ts';
import { randomBytes } from '../lab/source-disks/seeded-random.ts';
import { BenchRoom, type StoredImage } from './bench-room.ts';
import type { Benchmark, BenchmarkContext, Section, Table } from './benchmark.ts';
import { startGuarded } from './guarded.ts';
import { formatSpread, median, ratios } from './statistics.ts';

const HOSTS = 3;
const MEGABITS = 100;

/** Clonezilla's own (drbl-ocs.conf, ocs-functions, 2026-08): where it begins, and that it never uses a port twice. */
const FIRST_PORT = 2232;
/** PART_PREPARE_TIME: the least that a sender waits for receivers, from the second partition on. */
const GATHER_SECONDS = 30;
/** What a receiver sleeps after each partition: 3 s, and a random time up to SLEEP_TIME_AFTER_PART_CLONED. */
const SLEEP_SECONDS = 3;
const RANDOM_SLEEP_SECONDS = 15;

/** "none": as fast as that way can be. "count": with its sleeps, starting when all are there. "gather": and 30 s. */
type Waits = 'none' | 'count' | 'gather';

export const oneByOne: Benchmark = {
  name: 'one-by-one',
  summary: "deploy of a disk with many partitions / the same streams sent Clonezilla's way",
  run: (context) =>
    BenchRoom.with({ hosts: HOSTS, signal: context.signal }, (room) => measure(room, context)),
};

type Figures = {
  readonly openCloneMs: number[];
  readonly byWaits: Record<Waits, number[]>;
};

async function measure(room: BenchRoom, context: BenchmarkContext): Promise<Section> {
  const { say, repeats, quick } = context;
  say("making the lab's GPT disk and capturing it");
  const source = await room.addSource('gpt', (options) => makeGptDisk(room.room.run, options));
  await room.startSourceEngine([source]);
  await room.capture(source, 'gpt');
  const image = await room.image('gpt');
  await room.stopSourceEngine();
  await room.startTargetEngines();
  await room.room.shape(`${MEGABITS}mbit`);
  const figures: Figures = { openCloneMs: [], byWaits: { none: [], count: [], gather: [] } };
  const byHand = async (waits: Waits): Promise<void> => {
    await room.settle();
    figures.byWaits[waits].push(await deployOneByOne(room, image, waits, context));
  };
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    say(`repeat ${repeat + 1} of ${repeats}`);
    await room.settle();
    const { startedAtMs, endedAtMs } = await room.deploy(image.name, HOSTS, 'multicast');
    figures.openCloneMs.push(endedAtMs - startedAtMs);
    await byHand('none');
    // Its waiting times are fixed, or drawn the same every time: once is enough.
    if (repeat > 0 || quick) continue;
    say("with Clonezilla's waiting times: some minutes, most of which is waiting");
    await byHand('count');
    await byHand('gather');
  }
  return section(image, figures, context);
}

/** Returns the milliseconds from the writing of the tables to the last byte on the last disk. */
async function deployOneByOne(
  room: BenchRoom,
  image: StoredImage,
  waits: Waits,
  { signal }: BenchmarkContext,
): Promise<number> {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const startedAt = performance.now();
  const hosts = Array.from({ length: HOSTS }, (_, index) =>
    receiveAll(room, image, index + 1, waits, either),
  );
  try {
    await Promise.all([sendAll(room, image, waits, either), ...hosts]);
  } finally {
    ended.abort();
    await Promise.allSettled(hosts);
  }
  return performance.now() - startedAt;
}

async function sendAll(
  room: BenchRoom,
  image: StoredImage,
  waits: Waits,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, { stream }] of partitionStreams(image).entries()) {
    const file = image.files.find((path) => path.endsWith(`/${stream.name}`)) ?? '';
    const gather = waits === 'gather' && index > 0 ? ['--min-wait', String(GATHER_SECONDS)] : [];
    const args = [
      '--file',
      file,
      '--interface',
      INTERFACE,
      '--portbase',
      String(FIRST_PORT + 2 * index),
      '--min-receivers',
      String(HOSTS),
      '--max-wait',
      '300',
      ...gather,
      '--full-duplex',
      '--nokbd',
      '--ttl',
      '1',
    ];
    const namespace = room.room.serverNamespace;
    await startGuarded([{ tool: 'udp-sender', args }], { output: 'none', signal, namespace })
      .finished;
  }
}

async function receiveAll(
  room: BenchRoom,
  image: StoredImage,
  host: number,
  waits: Waits,
  signal: AbortSignal,
): Promise<void> {
  const { run, directory } = room.room;
  const device = room.target(host);
  await room.writeTable(image, host);
  const compressor = await findCompressor(run, image.manifest.compression);
  const logFile = join(directory, `one-by-one-${host}.log`);
  for (const [index, { number, stream }] of partitionStreams(image).entries()) {
    const target = partitionDevice(device, number);
    const port = String(FIRST_PORT + 2 * index);
    await startGuarded(
      [
        {
          tool: 'udp-receiver',
          args: [
            '--interface',
            INTERFACE,
            '--portbase',
            port,
            '--rcvbuf',
            '4194304',
            '--nokbd',
            '--ttl',
            '1',
          ],
        },
        ...compressor.decompressStages,
        stream.content === 'partclone' ? restoreStage(target, logFile) : writeDeviceStage(target),
      ],
      { output: 'none', signal, namespace: room.room.hostNamespace(host) },
    ).finished;
    if (waits !== 'none') await delay(sleepMs(host, index), undefined, { signal });
  }
  for (const { number, content } of image.manifest.partitions) {
    const target = partitionDevice(device, number);
    if (content.type === 'swap') await run('mkswap', [target]);
    if (content.type !== 'extended') await run('blockdev', ['--flushbufs', target]);
  }
}

function partitionStreams({ manifest }: StoredImage): { number: number; stream: ImageStream }[] {
  return manifest.partitions.flatMap(({ number, content }) =>
    content.type === 'stream' ? [{ number, stream: content.stream }] : [],
  );
}

/** Random among hosts and partitions, the same in every run of the benchmark. */
function sleepMs(host: number, index: number): number {
  const random = randomBytes(host * 100 + index, 4).readUInt32LE() / 2 ** 32;
  return (SLEEP_SECONDS + random * RANDOM_SLEEP_SECONDS) * 1000;
}

function section(image: StoredImage, figures: Figures, { repeats }: BenchmarkContext): Section {
  const { openCloneMs, byWaits } = figures;
  const streams = partitionStreams(image).length;
  const ratio = median(ratios(openCloneMs, byWaits.none));
  return {
    name: 'one-by-one',
    title: "Deploy against Clonezilla's way",
    method: [
      `The lab's GPT disk (${streams} partitions with data and one with swap; ${formatBytes(image.rawBytes)} in use, ${formatBytes(image.sizeBytes)} compressed) to ${HOSTS} hosts at ${MEGABITS} Mbit/s. OpenClone: the whole \`openclone deploy\` command. ` +
        "Clonezilla's way, without Clonezilla: sfdisk, then for each partition one udp-sender that starts when all receivers are there, and on each host udp-receiver | zstd -d | partclone.restore, with the tools and options that OpenClone restores with; then mkswap and a flush. It checks no hash, writes no gap, verifies no table. " +
        'Its receivers get the large socket buffer that OpenClone uses, without which they lose packets; Clonezilla sets none.',
      `Waiting times as in Clonezilla's ocs-functions and drbl-ocs.conf (August 2026): after each partition a receiver sleeps ${SLEEP_SECONDS} s and a random time up to ${RANDOM_SLEEP_SECONDS} s; the sender waits for the number of receivers, or, when the operator gave a time, at least ${GATHER_SECONDS} s from the second partition on. Measured with these waits once a run, without them in every repeat.`,
    ],
    tables: [timeTable(figures)],
    verdicts: [
      {
        aim: "deploy faster than Clonezilla's way without any of its waiting",
        measured: `${ratio.toFixed(2)} of its time`,
        met: ratio < 1 ? 'yes' : 'no',
      },
    ],
    measurements: { repeats, streams, imageBytes: image.sizeBytes, figures },
  };
}

function timeTable({ openCloneMs, byWaits }: Figures): Table {
  const row = (what: string, times: readonly number[]): string[] =>
    times.length === 0
      ? [what, 'not measured', '']
      : [
          what,
          formatSpread(
            times.map((time) => time / 1000),
            1,
          ),
          formatSpread(ratios(openCloneMs, times), 2),
        ];
  return {
    title: 'Seconds for the whole deployment',
    columns: ['way', 'seconds', 'OpenClone / this'],
    rows: [
      row('openclone deploy', openCloneMs),
      row('one by one, without any waiting', byWaits.none),
      row("one by one, with Clonezilla's sleeps on the hosts", byWaits.count),
      row(`the same, with its ${GATHER_SECONDS} s of gathering`, byWaits.gather),
    ],
  };
}
