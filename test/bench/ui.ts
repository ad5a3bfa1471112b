/** The full-screen UI beside a big school: how late a key is seen, how much the server sends, whether memory grows. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { formatBytes } from '../../lib/format.ts';
import { connectOperator } from '../../lib/client/operator-client.ts';
import type { Status } from '../../lib/model/status.ts';
import { MAX_MESSAGE_BYTES } from '../../lib/protocol/peer.ts';
import type { Benchmark, BenchmarkContext, Section } from './benchmark.ts';
import { timesOf } from './processor-use.ts';
import { median } from './statistics.ts';
import { UiProbe } from './ui-probe.ts';
import { withUiRoom, type UiRoom } from './ui-room.ts';

const AIM_MS = 50;
const AIM_GROWTH_BYTES = 2_000_000;
const SIZE = { hosts: 10_000, working: 200, keys: 200, dialogs: 2000 };
const QUICK = { hosts: 1000, working: 20, keys: 30, dialogs: 100 };
/** What the heap needs to have been through everything once. */
const WARM_DIALOGS = 0.1;

/** Where keys are pressed: how to get there from the overview, what is pressed there, and how to get back. */
const PLACES = [
  { name: 'overview', open: '', keys: ['\u001b[B', '\u001b[A'], back: '' },
  {
    name: 'hosts: up and down',
    open: 'h',
    keys: ['\u001b[B', '\u001b[6~', '\u001b[A'],
    back: '\u001b',
  },
  { name: 'hosts: marking', open: 'h', keys: [' ', '\u001b[B'], back: '\u001b' },
  { name: 'groups', open: 'g', keys: ['\u001b[B', '\u001b[6~', '\u001b[A'], back: '\u001b' },
  { name: 'tiles', open: 'r', keys: ['\u001b[C', '\u001b[D', '\u001b[B'], back: '\u001b' },
  { name: 'tasks', open: 't', keys: ['\u001b[B', '\u001b[A'], back: '\u001b' },
] as const;

export const ui: Benchmark = {
  name: 'ui',
  summary: 'key to paint of the full-screen UI beside 10,000 hosts of which 200 work',
  run: async (context) => {
    const size = context.quick ? QUICK : SIZE;
    return withUiRoom({ ...size, ...context }, (room) => measure(room, size, context));
  },
};

type Figures = { readonly place: string; readonly ms: readonly number[] };

async function measure(
  room: UiRoom,
  size: typeof SIZE,
  { say, signal }: BenchmarkContext,
): Promise<Section> {
  const messages = await messageSizes(room);
  const probe = new UiProbe(room.socketPath);
  try {
    await probe.until('all hosts', ({ state }) => state.model.hosts.length === size.hosts);
    await probe.until('the groups', ({ state }) => state.model.groups.length > 0);
    const from = {
      at: performance.now(),
      own: process.cpuUsage(),
      server: timesOf(room.serverPid),
    };
    const figures: Figures[] = [];
    for (const { name, open, keys, back } of PLACES) {
      say(`${name}: ${size.keys} keys`);
      if (open !== '') await probe.press(open);
      figures.push({ place: name, ms: await pressAll(probe, keys, size.keys, signal) });
      if (back !== '') await probe.press(back);
      await probe.until('the overview', ({ state }) => state.screens.length === 1);
    }
    const elapsed = performance.now() - from.at;
    const own = process.cpuUsage(from.own);
    const ownShare = (own.user + own.system) / 1000 / elapsed;
    const serverShare = (timesOf(room.serverPid).ownMs - from.server.ownMs) / elapsed;
    say(`${size.dialogs} dialogs`);
    const growth = await dialogGrowth(probe, size.dialogs, signal);
    return section(figures, messages, growth, { ownShare, serverShare }, size);
  } finally {
    probe.close();
  }
}

/** Keys at moments that do not wait for the answers to earlier ones: up to 200 ms apart, the same every time. */
async function pressAll(
  probe: UiProbe,
  keys: readonly string[],
  count: number,
  signal: AbortSignal,
): Promise<number[]> {
  const ms: number[] = [];
  let at = performance.now();
  for (let index = 0; index < count; index += 1) {
    signal.throwIfAborted();
    at = Math.max(at + 50 + ((index * 97) % 150), performance.now());
    ms.push(await probe.press(keys[index % keys.length] ?? '', at));
  }
  return ms;
}

type Messages = {
  readonly roomBytes: number;
  /** With the tasks, and without. */
  readonly wholeBytes: number;
  readonly statusBytes: readonly number[];
};

/** Bytes of JSON of what a watcher gets. */
async function messageSizes({ socketPath }: UiRoom): Promise<Messages> {
  const statusBytes: number[] = [];
  let last: Status | null = null;
  let enough: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => (enough = resolve));
  const client = await connectOperator({
    socketPath,
    operator: 'bench',
    onStatus: (status) => {
      const isSame = last !== null && last.tasks === status.tasks;
      last = status;
      const sent = isSame ? { ...status, tasks: undefined, hostNames: undefined } : status;
      if (isSame && statusBytes.push(bytesOf(sent)) === 10) enough();
    },
  });
  const all = await client.call('inventory.watch', { intervalMs: 1000 });
  const whole = await client.call('status.watch', { intervalMs: 500 });
  await heard;
  client.close();
  return { roomBytes: bytesOf(all), wholeBytes: bytesOf(whole), statusBytes };
}

function bytesOf(message: unknown): number {
  return Buffer.byteLength(JSON.stringify(message));
}

type Growth = {
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly elements: readonly [number, number];
};

/** The heap, and what blessed keeps, after some dialogs and after all of them: an entry of the log opened and closed. */
async function dialogGrowth(probe: UiProbe, dialogs: number, signal: AbortSignal): Promise<Growth> {
  await probe.press('l');
  await probe.until('the log', ({ state }) => (state.model.log?.length ?? 0) > 0);
  const open = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      signal.throwIfAborted();
      await probe.press('\r');
      await probe.press('\r');
    }
  };
  const warm = Math.round(dialogs * WARM_DIALOGS);
  await open(warm);
  const before = { bytes: heapBytes(), elements: probe.terminal.elementCount };
  await open(dialogs - warm);
  return {
    beforeBytes: before.bytes,
    afterBytes: heapBytes(),
    elements: [before.elements, probe.terminal.elementCount],
  };
}

/** What is really kept: after a full collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') Reflect.apply(collect, undefined, []);
  return process.memoryUsage().heapUsed;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function section(
  figures: readonly Figures[],
  { roomBytes, wholeBytes, statusBytes }: Messages,
  growth: Growth,
  { ownShare, serverShare }: { readonly ownShare: number; readonly serverShare: number },
  size: typeof SIZE,
): Section {
  const all = figures.flatMap(({ ms }) => ms).toSorted((one, other) => one - other);
  const grownBytes = growth.afterBytes - growth.beforeBytes;
  const row = (name: string, ms: readonly number[]): string[] => {
    const sorted = ms.toSorted((one, other) => one - other);
    return [
      name,
      median(sorted).toFixed(1),
      percentile(sorted, 0.95).toFixed(1),
      percentile(sorted, 0.99).toFixed(1),
      (sorted.at(-1) ?? Number.NaN).toFixed(1),
    ];
  };
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return {
    name: 'ui',
    title: 'The full-screen UI',
    method: [
      `The real server with ${size.hosts} hosts in rooms of 30; ${size.working} of them are connected over TLS, have work of 14 steps and report once a second. The whole UI, on streams instead of a terminal of 120x40, is connected to it. ${size.keys} keys are pressed in each place, 50 to 200 ms apart; timed is from the moment at which the key is due until its consequence is written, so that a program that is busy at that moment is late.`,
    ],
    tables: [
      {
        title: 'Milliseconds from key to paint',
        columns: ['place', 'median', '95 %', '99 %', 'longest'],
        rows: [...figures.map(({ place, ms }) => row(place, ms)), row('all', all)],
      },
      {
        title: 'What it costs',
        columns: ['what', 'measured'],
        rows: [
          ['answer to inventory.watch, once a connection', formatBytes(roomBytes)],
          ['longest message that is accepted', formatBytes(MAX_MESSAGE_BYTES)],
          ['status when a task has changed, at most every 0.5 s', formatBytes(wholeBytes)],
          ['status when only progress has', formatBytes(median(statusBytes))],
          ['processor time of the UI, of one processor', percent(ownShare)],
          ['processor time of the server, of one processor', percent(serverShare)],
          [`heap after ${size.dialogs} dialogs`, formatBytes(growth.afterBytes)],
          ['of that since the first tenth of them', `${Math.round(grownBytes / 1000)} kB`],
          ['elements that blessed keeps, before and after', growth.elements.join(' and ')],
        ],
      },
    ],
    verdicts: [
      {
        aim: `key to paint < ${AIM_MS} ms in 95 of 100`,
        measured: `${percentile(all, 0.95).toFixed(1)} ms`,
        met: percentile(all, 0.95) < AIM_MS ? 'yes' : 'no',
      },
      {
        aim: `memory steady over ${size.dialogs} dialogs (< ${formatBytes(AIM_GROWTH_BYTES)} more)`,
        measured: `${Math.round(grownBytes / 1000)} kB`,
        met: grownBytes < AIM_GROWTH_BYTES ? 'yes' : 'no',
      },
    ],
    measurements: { figures, roomBytes, wholeBytes, statusBytes, growth, ownShare, serverShare },
  };
}
