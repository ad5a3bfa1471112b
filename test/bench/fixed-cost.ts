/** What a deployment costs whatever the size of the image: the command for one that is nearly empty. */

import { formatBytes } from '../../lib/format.ts';
import { MEBIBYTE } from '../lab/source-disks/layout.ts';
import { BenchRoom, stepTimes, type TimedTask } from './bench-room.ts';
import type { Benchmark, BenchmarkContext, Section, Table } from './benchmark.ts';
import { makeContentDisk } from './content-disk.ts';
import { withProcessUse, type ProcessUse } from './processor-use.ts';
import { formatSpread, median } from './statistics.ts';
import { useTable } from './use-table.ts';

const AIM_SECONDS = 4;
const CONTENT = { partitions: 1, copiedBytes: 2 * MEBIBYTE, randomBytes: 1 * MEBIBYTE };
const CASES = [
  { name: '1 host, unicast', hosts: 1, transport: 'unicast' },
  { name: '1 host, multicast', hosts: 1, transport: 'multicast' },
  { name: '3 hosts, multicast', hosts: 3, transport: 'multicast' },
] as const;
type CaseName = (typeof CASES)[number]['name'];

export const fixedCost: Benchmark = {
  name: 'fixed-cost',
  summary: 'seconds of a whole deploy command of a nearly empty image, step by step',
  run: (context) =>
    BenchRoom.with({ hosts: 3, signal: context.signal }, (room) => measure(room, context)),
};

type Figures = {
  readonly name: CaseName;
  readonly commandMs: number[];
  /** In the order in which they follow each other. */
  readonly phases: Map<string, number[]>;
  readonly serverUse: ProcessUse[];
  /** Of all engines. */
  readonly engineUse: ProcessUse[];
};

async function measure(room: BenchRoom, context: BenchmarkContext): Promise<Section> {
  const { repeats, say, signal } = context;
  say('making and capturing a nearly empty disk');
  const source = await room.addSource('small', (options) =>
    makeContentDisk(room.room.run, options, CONTENT),
  );
  await room.startSourceEngine([source]);
  await room.capture(source, 'small');
  const image = await room.image('small');
  await room.stopSourceEngine();
  await room.startTargetEngines();
  const figures = CASES.map(({ name }): Figures => ({
    name,
    commandMs: [],
    phases: new Map(),
    serverUse: [],
    engineUse: [],
  }));
  // The first deployment of all warms the programs up and is not counted.
  for (let repeat = 0; repeat <= repeats; repeat += 1) {
    say(repeat === 0 ? 'warming up' : `repeat ${repeat} of ${repeats}`);
    for (const [index, { hosts, transport }] of CASES.entries()) {
      signal.throwIfAborted();
      await room.settle();
      const pids = [room.serverPid, ...room.enginePids(hosts)];
      const { result, use } = await withProcessUse(pids, () =>
        room.deploy(image.name, hosts, transport),
      );
      const row = figures[index];
      if (repeat === 0 || row === undefined) continue;
      row.commandMs.push(result.endedAtMs - result.startedAtMs);
      const [server, ...engines] = use;
      if (server !== undefined) row.serverUse.push(server);
      row.engineUse.push(...engines);
      for (const { phase, elapsedMs } of phasesOf(result)) {
        const times = row.phases.get(phase) ?? [];
        row.phases.set(phase, [...times, elapsedMs]);
      }
    }
  }
  return {
    name: 'fixed-cost',
    title: 'The fixed cost of a deployment',
    method: [
      `An image of one ext4 partition, ${formatBytes(image.rawBytes)} in use and ${formatBytes(image.sizeBytes)} compressed, over a link without a limit. Timed is the whole \`openclone deploy\` command, from its start to its exit; the phases are those of the host that ended last, by the times in its run.`,
    ],
    tables: [
      phaseTable(figures),
      useTable(
        'Processor time and peak memory',
        figures.flatMap(({ name, serverUse, engineUse }) => [
          { what: `server, ${name}`, bytes: image.sizeBytes, use: serverUse },
          { what: `one engine, ${name}`, bytes: image.sizeBytes, use: engineUse },
        ]),
      ),
    ],
    verdicts: figures.map(({ name, commandMs }) => {
      const seconds = median(commandMs) / 1000;
      return {
        aim: `deploy of a nearly empty image ≤ ${AIM_SECONDS} s: ${name}`,
        measured: `${seconds.toFixed(2)} s`,
        met: seconds <= AIM_SECONDS ? 'yes' : 'no',
      };
    }),
    measurements: {
      repeats,
      imageBytes: image.sizeBytes,
      figures: figures.map((row) => ({ ...row, phases: Object.fromEntries(row.phases) })),
    },
  };
}

/** The time from the command's start to its end, without a gap. */
function phasesOf({
  task,
  startedAtMs,
  endedAtMs,
}: TimedTask): { phase: string; elapsedMs: number }[] {
  const ends = task.runs.map((run) => Date.parse(run.endedAt ?? ''));
  const run = task.runs[ends.indexOf(Math.max(...ends))];
  if (run?.startedAt == null || run.endedAt === null) throw new Error('the task has no run');
  const marks: { phase: string; atMs: number }[] = [
    { phase: 'command starts, task is stored', atMs: Date.parse(task.createdAt) },
    { phase: 'engine is told and takes the work', atMs: Date.parse(run.startedAt) },
  ];
  let phase = 'engine reads its hardware and plans';
  for (const { id } of run.steps) {
    const step = stepTimes(run, id);
    marks.push({ phase, atMs: step.startedAtMs }, { phase: `step ${id}`, atMs: step.endedAtMs });
    phase = 'between steps';
  }
  marks.push({ phase: 'run ends', atMs: Date.parse(run.endedAt) });
  marks.push({ phase: 'command notices and exits', atMs: endedAtMs });
  const elapsed = new Map<string, number>();
  let lastMs = startedAtMs;
  for (const mark of marks) {
    elapsed.set(mark.phase, (elapsed.get(mark.phase) ?? 0) + mark.atMs - lastMs);
    lastMs = mark.atMs;
  }
  return [...elapsed].map(([name, elapsedMs]) => ({ phase: name, elapsedMs }));
}

function phaseTable(figures: readonly Figures[]): Table {
  const phases = [...new Set(figures.flatMap((row) => [...row.phases.keys()]))];
  return {
    title: 'Seconds of a whole deploy command, and where they go (medians)',
    columns: ['phase', ...figures.map(({ name }) => name)],
    rows: [
      [
        'whole command',
        ...figures.map(({ commandMs }) =>
          formatSpread(
            commandMs.map((time) => time / 1000),
            2,
          ),
        ),
      ],
      ...phases.map((phase) => [
        phase,
        ...figures.map((row) => {
          const times = row.phases.get(phase);
          return times === undefined ? '' : (median(times) / 1000).toFixed(2);
        }),
      ]),
    ],
  };
}
