/** Deploy against what the server's link carries, at several rates, to several numbers of hosts. */

import { join } from 'node:path';
import { findCompressor } from '../../engine/imaging/compression.ts';
import { restoreStage } from '../../engine/tools/partclone.ts';
import { formatBytes } from '../../lib/format.ts';
import { partitionDevice } from '../lab/loop-device.ts';
import { MEBIBYTE, type SourceOptions } from '../lab/source-disks/layout.ts';
import { sendBare } from './bare-udpcast.ts';
import {
  BenchRoom,
  stepTimes,
  type SourceDisk,
  type StoredImage,
  type TimedTask,
} from './bench-room.ts';
import type { Benchmark, BenchmarkContext, Section, Table, Verdict } from './benchmark.ts';
import { makeContentDisk, type Content } from './content-disk.ts';
import { withProcessUse, type ProcessUse } from './processor-use.ts';
import { formatSpread, median, ratios } from './statistics.ts';
import { useTable } from './use-table.ts';

const AIM = 0.95;
/** From here on the processors are what limits: the rest is lost between the ends of time slices. */
const BUSY_SHARE = 0.9;
/** UDPcast's block of 1456 bytes, in a frame of 14 + 20 + 8 + 16 + 1456 bytes as tc-tbf(8) counts it. */
const PAYLOAD_SHARE = 1456 / 1514;

export const linkRate: Benchmark = {
  name: 'link-rate',
  summary: 'deploy rate / payload rate of the link, by rate and number of hosts',
  run: (context) => {
    const cases = context.quick ? QUICK : FULL;
    const hosts = Math.max(...cases.flatMap((each) => each.hosts));
    return BenchRoom.with({ hosts, signal: context.signal }, (room) =>
      measure(room, context, cases),
    );
  },
};

type ContentName = 'incompressible' | 'ordinary';

/** An image that is deployed at one rate to several numbers of hosts. */
type Case = {
  readonly megabits: number;
  readonly content: ContentName;
  readonly recipe: Content;
  readonly hosts: readonly number[];
};

/**
 * Each image takes more than 10 s at its rate, and is one partition, so that it can be compared with the tools by hand.
 * Ordinary content at 300 Mbit/s to more than 4 hosts would measure the processors for many minutes, and nothing else.
 */
const FULL: readonly Case[] = [
  {
    megabits: 100,
    content: 'incompressible',
    hosts: [1, 4, 8, 16],
    recipe: { partitions: 1, copiedBytes: 0, randomBytes: 132 * MEBIBYTE },
  },
  {
    megabits: 100,
    content: 'ordinary',
    hosts: [1, 4, 8, 16],
    recipe: { partitions: 1, copiedBytes: 200 * MEBIBYTE, randomBytes: 80 * MEBIBYTE },
  },
  {
    megabits: 300,
    content: 'incompressible',
    hosts: [1, 4, 8, 16],
    recipe: { partitions: 1, copiedBytes: 0, randomBytes: 384 * MEBIBYTE },
  },
  {
    megabits: 300,
    content: 'ordinary',
    hosts: [1, 4],
    recipe: { partitions: 1, copiedBytes: 500 * MEBIBYTE, randomBytes: 250 * MEBIBYTE },
  },
];

const QUICK: readonly Case[] = [
  {
    megabits: 100,
    content: 'incompressible',
    hosts: [1, 4],
    recipe: { partitions: 1, copiedBytes: 0, randomBytes: 64 * MEBIBYTE },
  },
];

/** One row of the table: a rate, a content, a number of hosts, a way to send. */
type Figures = {
  readonly megabits: number;
  readonly content: ContentName;
  readonly hosts: number;
  readonly transport: 'multicast' | 'unicast';
  readonly imageBytes: number;
  readonly rawBytes: number;
  /** Bytes a second, "Starting transfer" to the last stream written. */
  readonly rate: number[];
  /** Bytes a second over the whole task. */
  readonly taskRate: number[];
  /** The same bytes by UDPcast alone to one host: what the link carries. */
  readonly link: number[];
  /** … and to as many hosts as here. */
  readonly bare: number[];
  /** The stream of the first partition to as many hosts, decompressed and written by the same tools without us. */
  readonly byHand: number[];
  /** Share of all processors' time that was used during the transfer. */
  readonly busy: number[];
  readonly bareBusy: number[];
  /** Seconds of the task outside the transfer. */
  readonly aroundSeconds: number[];
  readonly serverUse: ProcessUse[];
  /** Of all engines. */
  readonly engineUse: ProcessUse[];
};

async function measure(
  room: BenchRoom,
  context: BenchmarkContext,
  cases: readonly Case[],
): Promise<Section> {
  const images = await makeImages(room, context, cases);
  context.say(`starting ${room.hosts} engines`);
  await room.startTargetEngines();
  const figures: Figures[] = [];
  for (let repeat = 0; repeat < context.repeats; repeat += 1) {
    for (const [index, each] of cases.entries()) {
      const image = images[index];
      if (image === undefined) throw new TypeError('an image that was not made');
      context.say(`repeat ${repeat + 1} of ${context.repeats}: ${nameOf(each)}`);
      await room.room.shape(`${each.megabits}mbit`);
      await measureImage(room, context, each, image, figures);
    }
  }
  return section(figures, context);
}

/** Captures every image that is deployed, with no limit on the link. */
async function makeImages(
  room: BenchRoom,
  { say }: BenchmarkContext,
  cases: readonly Case[],
): Promise<StoredImage[]> {
  const sources: SourceDisk[] = [];
  for (const each of cases) {
    const name = nameOf(each);
    say(`making the source disk ${name}`);
    const make = (options: SourceOptions): Promise<void> =>
      makeContentDisk(room.room.run, options, each.recipe);
    sources.push(await room.addSource(name, make));
  }
  await room.startSourceEngine(sources);
  const images: StoredImage[] = [];
  for (const [index, source] of sources.entries()) {
    say(`capturing ${source.file}`);
    await room.capture(source, `image-${index}`);
    images.push(await room.image(`image-${index}`));
  }
  await room.stopSourceEngine();
  return images;
}

async function measureImage(
  room: BenchRoom,
  { signal, say }: BenchmarkContext,
  { megabits, content, hosts: hostCounts }: Case,
  image: StoredImage,
  figures: Figures[],
): Promise<void> {
  const bytesPerSecond = (fromMs: number, toMs: number): number =>
    image.sizeBytes / ((toMs - fromMs) / 1000);
  let link: number | null = null;
  for (const hosts of hostCounts) {
    await room.settle();
    const bare = await sendBare(room, hosts, image.files, () => [], signal);
    const bareRate = bytesPerSecond(bare.startedAtMs, bare.endedAtMs);
    link ??= bareRate;
    const byHandRate = await restoreByHand(room, image, hosts, signal);
    for (const transport of transportsFor(hosts)) {
      const row = rowOf(figures, { megabits, content, hosts, transport, image });
      row.link.push(link);
      row.bare.push(bareRate);
      row.byHand.push(byHandRate);
      row.bareBusy.push(room.sampler.busyShare(bare.startedAtMs, bare.endedAtMs));
      await room.settle();
      const { result, use } = await withProcessUse(
        [room.serverPid, ...room.enginePids(hosts)],
        () => room.deploy(image.name, hosts, transport),
      );
      const { startedAtMs, endedAtMs, taskMs } = windowOf(room, result);
      row.rate.push(bytesPerSecond(startedAtMs, endedAtMs));
      row.taskRate.push(image.sizeBytes / (taskMs / 1000));
      row.busy.push(room.sampler.busyShare(startedAtMs, endedAtMs));
      row.aroundSeconds.push((taskMs - (endedAtMs - startedAtMs)) / 1000);
      const [server, ...engines] = use;
      if (server !== undefined) row.serverUse.push(server);
      row.engineUse.push(...engines);
      const ratio = bytesPerSecond(startedAtMs, endedAtMs) / link;
      say(`  ${hosts} hosts, ${transport}: ${ratio.toFixed(3)} of the link`);
    }
  }
}

/** Bytes a second that udp-receiver | zstd | partclone.restore on all hosts takes of the first partition's stream. */
async function restoreByHand(
  room: BenchRoom,
  image: StoredImage,
  hosts: number,
  signal: AbortSignal,
): Promise<number> {
  const [partition] = image.manifest.partitions;
  const [file] = image.files;
  if (partition?.content.type !== 'stream' || file === undefined) {
    throw new TypeError('the first partition of a content disk has a stream');
  }
  const { number, content } = partition;
  await room.settle();
  for (let host = 1; host <= hosts; host += 1) await room.writeTable(image, host);
  const { decompressStages } = await findCompressor(room.room.run, image.manifest.compression);
  const sent = await sendBare(
    room,
    hosts,
    [file],
    (host) => [
      ...decompressStages,
      restoreStage(
        partitionDevice(room.target(host), number),
        join(room.room.directory, `by-hand-${host}.log`),
      ),
    ],
    signal,
  );
  return content.stream.sizeBytes / ((sent.endedAtMs - sent.startedAtMs) / 1000);
}

/** One host gets its image by unicast unless the operator says otherwise: both ways are measured. */
function transportsFor(hosts: number): readonly Figures['transport'][] {
  return hosts === 1 ? ['multicast', 'unicast'] : ['multicast'];
}

/** When the data began to flow and when the last host had written it, and how long the task took altogether. */
function windowOf(
  room: BenchRoom,
  timed: TimedTask,
): { readonly startedAtMs: number; readonly endedAtMs: number; readonly taskMs: number } {
  const { runs, createdAt } = timed.task;
  const answered = Math.min(...runs.map((run) => stepTimes(run, 'wait-for-data').endedAtMs));
  return {
    startedAtMs: room.transferStartMs(timed) ?? answered,
    endedAtMs: Math.max(...runs.map((run) => stepTimes(run, 'finish-writing').endedAtMs)),
    taskMs:
      Math.max(...runs.map(({ endedAt }) => Date.parse(endedAt ?? ''))) - Date.parse(createdAt),
  };
}

function rowOf(
  figures: Figures[],
  key: Pick<Figures, 'megabits' | 'content' | 'hosts' | 'transport'> & { image: StoredImage },
): Figures {
  const { megabits, content, hosts, transport, image } = key;
  const known = figures.find(
    (row) =>
      row.megabits === megabits &&
      row.content === content &&
      row.hosts === hosts &&
      row.transport === transport,
  );
  if (known !== undefined) return known;
  const row: Figures = {
    megabits,
    content,
    hosts,
    transport,
    imageBytes: image.sizeBytes,
    rawBytes: image.rawBytes,

    rate: [],
    taskRate: [],
    link: [],
    bare: [],
    byHand: [],
    busy: [],
    bareBusy: [],
    aroundSeconds: [],
    serverUse: [],
    engineUse: [],
  };
  figures.push(row);
  return row;
}

function section(figures: readonly Figures[], { repeats }: BenchmarkContext): Section {
  return {
    name: 'link-rate',
    title: 'Deploy against the link',
    method: [
      "tc-tbf(8) limits what leaves the server's interface. The link's payload rate is measured in the same repeat: udp-sender with OpenClone's own arguments sends the same stream files to one receiver that throws them away. " +
        `Computed, without the start and end of a session, it is ${(PAYLOAD_SHARE * 100).toFixed(1)} % of the limit: 1456 bytes of payload in a frame of 1514. "UDPcast alone" is the same with as many such receivers as there are hosts. "By hand" is the first partition's stream alone through udp-receiver | zstd -d | partclone.restore on as many hosts: what these processors can do without OpenClone.`,
      'Deploy rate: bytes of all streams, from udp-sender\'s "Starting transfer" (unicast: the first answer) until the last host has written the last stream (the end of its step finish-writing); "whole task": from the task\'s creation to the end of its last run. All hosts run on this machine: decompressing and writing for all of them takes its processors. ' +
        `Where they were busy for ${BUSY_SHARE * 100} % of the time or more and the link was not reached, the machine is the limit, not OpenClone's transmission.`,
      'Each deployment finds empty (discarded) target disks and nothing dirty in the page cache.',
    ],
    tables: [
      rateTable(figures),
      useTable(
        'Processor time, also per GB of image sent, and peak memory',
        figures.flatMap(({ megabits, content, hosts, transport, imageBytes, ...row }) => {
          const where = `${megabits} Mbit/s, ${content}, ${hosts} × ${transport}`;
          return [
            { what: `server, ${where}`, bytes: imageBytes, use: row.serverUse },
            { what: `one engine, ${where}`, bytes: imageBytes, use: row.engineUse },
          ];
        }),
      ),
    ],
    verdicts: figures.map(verdictOf),
    measurements: { repeats, figures },
  };
}

function rateTable(figures: readonly Figures[]): Table {
  const megabits = (rates: readonly number[]): string =>
    median(rates.map((rate) => (rate * 8) / 1e6)).toFixed(0);
  return {
    title: 'Deploy: payload in Mbit/s, and its share of the link',
    columns: [
      'limit',
      'content',
      'image',
      'hosts',
      'link, computed',
      'link, measured',
      'UDPcast alone',
      'by hand',
      'deploy',
      'deploy / link, measured',
      'deploy / computed',
      'deploy / by hand',
      'whole task / link',
      'around the transfer, s',
      'processors busy',
      'limited by',
    ],
    rows: figures.map((row) => [
      `${row.megabits} Mbit/s`,
      row.content,
      `${formatBytes(row.rawBytes)} → ${formatBytes(row.imageBytes)}`,
      row.transport === 'unicast' ? `${row.hosts} unicast` : String(row.hosts),
      (computedBits(row) / 1e6).toFixed(0),
      megabits(row.link),
      `${megabits(row.bare)} (busy ${percent(row.bareBusy)})`,
      megabits(row.byHand),
      megabits(row.rate),
      formatSpread(ratios(row.rate, row.link), 3),
      median(row.rate.map((rate) => (rate * 8) / computedBits(row))).toFixed(3),
      formatSpread(ratios(row.rate, row.byHand), 3),
      formatSpread(ratios(row.taskRate, row.link), 2),
      formatSpread(row.aroundSeconds, 1),
      percent(row.busy),
      limitOf(row),
    ]),
  };
}

function computedBits({ megabits }: Figures): number {
  return megabits * 1e6 * PAYLOAD_SHARE;
}

function limitOf(row: Figures): string {
  if (median(ratios(row.rate, row.link)) >= AIM) return 'link';
  return median(row.busy) >= BUSY_SHARE ? 'processors' : 'something else';
}

function verdictOf(row: Figures): Verdict {
  const limit = limitOf(row);
  const ratio = median(ratios(row.rate, row.link)).toFixed(3);
  const byHand = median(ratios(row.rate, row.byHand)).toFixed(2);
  return {
    aim:
      `deploy ≥ ${AIM} of ${row.megabits} Mbit/s, ${row.content}, ` +
      `${row.hosts} host${row.hosts === 1 ? '' : 's'} by ${row.transport}`,
    measured:
      limit === 'link'
        ? ratio
        : `${ratio}; processors ${percent(row.busy)} busy, ${byHand} of the tools without OpenClone`,
    met: limit === 'link' ? 'yes' : limit === 'processors' ? 'machine' : 'no',
  };
}

function percent(shares: readonly number[]): string {
  return `${Math.round(median(shares) * 100)} %`;
}

function nameOf({ content, megabits }: Case): string {
  return `${content}-${megabits}`;
}
