/** How long `openclone` takes to start: commands to their end, the UI until something is on the screen. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sampleHost } from '../support/hosts.ts';
import { sampleStatus } from '../support/servers.ts';
import { startSmallServer } from '../cli/small-server.ts';
import type { Benchmark, BenchmarkContext, Section } from './benchmark.ts';
import { formatSpread, median, ratios } from './statistics.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const OPENCLONE = join(PROJECT, 'openclone');
const AIM_MS = 150;
/** So short a thing is measured more often than a deployment. */
const STARTS_EACH_REPEAT = 7;

type Start = {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Ended as soon as it says something: it would go on until somebody leaves it. */
  readonly untilOutput?: boolean;
  readonly hasAim: boolean;
};

export const start: Benchmark = {
  name: 'start',
  summary: 'milliseconds until a command of openclone has ended, and until its UI shows something',
  run: async (context) => {
    const work = await mkdtemp(join(tmpdir(), 'openclone-bench-start-'));
    const socketPath = join(work, 'server.sock');
    const server = await startSmallServer(socketPath, {
      'host.list': () => Promise.resolve([sampleHost(1, 'pc-01'), sampleHost(2, 'pc-02')]),
      'status.get': () => Promise.resolve(sampleStatus([])),
    });
    try {
      return await measure(startsWith(socketPath), context);
    } finally {
      await server.close();
      await rm(work, { recursive: true });
    }
  },
};

function startsWith(socketPath: string): Start[] {
  const list = ['host', 'list', '--socket', socketPath];
  const uncached = { NODE_DISABLE_COMPILE_CACHE: '1' };
  const sources = [process.execPath, join(PROJECT, 'cli/main.ts')];
  return [
    { name: 'openclone --version', command: [OPENCLONE, '--version'], hasAim: true },
    { name: 'openclone --help', command: [OPENCLONE, '--help'], hasAim: true },
    { name: 'openclone host list', command: [OPENCLONE, ...list], hasAim: true },
    {
      name: 'openclone host list, nothing compiled before',
      command: [OPENCLONE, ...list],
      environment: uncached,
      hasAim: false,
    },
    { name: 'the same from the sources', command: [...sources, ...list], hasAim: false },
    {
      name: 'openclone: the UI’s first sign',
      // script(1) gives it the terminal that it needs.
      command: ['script', '-qec', `${OPENCLONE} tui --socket ${socketPath}`, '/dev/null'],
      untilOutput: true,
      hasAim: false,
    },
  ];
}

async function measure(starts: readonly Start[], context: BenchmarkContext): Promise<Section> {
  const { repeats, quick, say, signal } = context;
  const count = quick ? 1 : repeats * STARTS_EACH_REPEAT;
  const reference: number[] = [];
  const times = starts.map((): number[] => []);
  // The first start of each fills caches and is not counted.
  for (let repeat = 0; repeat <= count; repeat += 1) {
    say(repeat === 0 ? 'warming up' : `start ${repeat} of ${count}`);
    signal.throwIfAborted();
    const bare = await timeOf({ name: '', command: [process.execPath, '-e', '0'], hasAim: false });
    if (repeat > 0) reference.push(bare);
    for (const [index, each] of starts.entries()) {
      const elapsedMs = await timeOf(each);
      if (repeat > 0) times[index]?.push(elapsedMs);
    }
  }
  const rows = starts.map((each, index) => ({ ...each, times: times[index] ?? [] }));
  return {
    name: 'start',
    title: 'The start of openclone',
    method: [
      `Each start is that of ./openclone as a whole, with its bundle of \`npm run build\`, right after one of \`node -e 0\`; the server answers from the process that measures. ${count} starts each, the files in the page cache.`,
    ],
    tables: [
      {
        title: 'Milliseconds, and how many times those of node -e 0 before',
        columns: ['what', 'ms', 'times node -e 0'],
        rows: [
          ['node -e 0', formatSpread(reference, 0), ''],
          ...rows.map(({ name, times: all }) => [
            name,
            formatSpread(all, 0),
            formatSpread(ratios(all, reference), 1),
          ]),
        ],
      },
    ],
    verdicts: rows
      .filter(({ hasAim }) => hasAim)
      .map(({ name, times: all }) => ({
        aim: `${name} ≤ ${AIM_MS} ms`,
        measured: `${median(all).toFixed(0)} ms`,
        met: median(all) <= AIM_MS ? 'yes' : 'no',
      })),
    measurements: { reference, starts: rows.map(({ name, times: all }) => ({ name, times: all })) },
  };
}

function timeOf({ command, environment = {}, untilOutput = false, name }: Start): Promise<number> {
  const [file = '', ...args] = command;
  const began = performance.now();
  const child = spawn(file, args, {
    env: { ...process.env, TERM: 'xterm-256color', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    let elapsedMs: number | null = null;
    child.stdout.on('data', () => {
      if (!untilOutput || elapsedMs !== null) return;
      elapsedMs = performance.now() - began;
      child.kill();
    });
    child.once('error', reject);
    child.once('close', (status) => {
      const isAsWanted = untilOutput ? elapsedMs !== null : status === 0;
      if (isAsWanted) resolve(elapsedMs ?? performance.now() - began);
      else reject(new Error(`${name} ended with ${status ?? 'a signal'}`));
    });
  });
}
