/** A task as a block of lines that a terminal redraws: a line per host, a total, the session. */

import { formatDuration, formatPercent, printable } from '../../lib/format.ts';
import { isEnded, isSuccess, type RunState } from '../../lib/model/task.ts';
import { bar } from '../../lib/progress-bar.ts';
import { rateText } from '../../lib/text/quantities.ts';
import type { Texts } from '../text/catalogue.ts';
import { activityText } from '../../lib/client/work-in-words.ts';
import { sessionLine } from './session.ts';
import { cut, padEnd, padStart, widthOf } from '../../lib/columns.ts';
import { summarizeRun, type RunSummary, type TaskView } from '../../lib/client/task-view.ts';

export type BlockSize = { readonly columns: number; readonly rows: number };

const NUMBER_WIDTH = '100 %'.length;
const RATE_WIDTH = '99.9 MB/s'.length;
const LEFT_WIDTH = '59:59 min'.length;
const GAPS = 2 * 6;

/** At most `rows` lines of less than `columns` characters: a full last column makes some terminals wrap. */
export function progressBlock(
  texts: Texts,
  view: TaskView,
  size: BlockSize,
  unicode: boolean,
): string[] {
  const runs = view.task.runs.map((run) => summarizeRun(view, run));
  const session = view.sessions.at(-1);
  const foot = [
    totalLine(texts, runs, size.columns, unicode),
    ...(session === undefined ? [] : [sessionLine(texts, session, view)]),
  ];
  const room = Math.max(0, size.rows - 1 - foot.length);
  const hosts = runs.length <= room ? runs : mostUrgent(runs).slice(0, Math.max(0, room - 1));
  const names = Math.max(
    widthOf(texts.tasks.total),
    ...hosts.map(({ hostName }) => widthOf(hostName)),
  );
  const layout = layOut(texts, Math.min(names, 24), size.columns);
  const rest = runs.filter((run) => !hosts.includes(run));
  const mark = unicode ? '…' : '~';
  return [
    ...hosts.map((run) => hostLine(texts, run, layout, unicode)),
    ...(rest.length === 0 || room === 0 ? [] : [restLine(texts, rest)]),
    ...foot,
  ]
    .map((line) => cut(line, size.columns - 1, mark).trimEnd())
    .slice(-Math.max(1, size.rows - 1));
}

type Layout = {
  readonly name: number;
  readonly state: number;
  readonly activity: number;
  readonly bar: number;
};

/** What the numbers leave is shared by the step's title and the bar, which goes first when there is no room. */
function layOut({ states }: Texts, name: number, columns: number): Layout {
  const state = Math.max(...Object.values(states.runs).map(widthOf));
  const fixed = name + state + NUMBER_WIDTH + RATE_WIDTH + LEFT_WIDTH + GAPS;
  const free = Math.max(0, columns - 1 - fixed);
  const barWidth = free < 18 ? 0 : Math.min(24, Math.floor(free / 3));
  return { name, state, bar: barWidth, activity: free - barWidth };
}

function hostLine(texts: Texts, summary: RunSummary, layout: Layout, unicode: boolean): string {
  const { run, fraction, bytesPerSecond, remainingMs } = summary;
  const mark = unicode ? '…' : '~';
  const ended = isEnded(run.state);
  return [
    padEnd(cut(printable(summary.hostName), layout.name, mark), layout.name),
    padEnd(texts.states.runs[run.state], layout.state),
    ...(layout.activity === 0
      ? []
      : [
          padEnd(
            cut(printable(activityText(texts.language, summary.activity)), layout.activity, mark),
            layout.activity,
          ),
        ]),
    ...(layout.bar === 0 ? [] : [bar(fraction, layout.bar, unicode)]),
    padStart(percentOf(fraction), NUMBER_WIDTH),
    padStart(ended || bytesPerSecond === null ? '' : rateText(bytesPerSecond, texts), RATE_WIDTH),
    padStart(ended || remainingMs === null ? '' : formatDuration(remainingMs), LEFT_WIDTH),
  ].join('  ');
}

function totalLine(
  texts: Texts,
  runs: readonly RunSummary[],
  columns: number,
  unicode: boolean,
): string {
  const { tasks } = texts;
  const { fraction, bytesPerSecond, remainingMs } = totalOf(runs);
  const done = runs.filter(({ run }) => isSuccess(run.state)).length;
  const barWidth = Math.min(24, Math.max(0, columns - 60));
  return [
    tasks.total,
    ...(barWidth < 6 ? [] : [bar(fraction, barWidth, unicode)]),
    percentOf(fraction),
    tasks.done(done, runs.length),
    ...(bytesPerSecond === null ? [] : [rateText(bytesPerSecond, texts)]),
    ...(remainingMs === null ? [] : [tasks.left(formatDuration(remainingMs))]),
  ].join('  ');
}

/** The mean of all hosts, their rates together (of a transmission once), and the time of the slowest. */
export function totalOf(
  runs: readonly RunSummary[],
): Pick<RunSummary, 'fraction' | 'bytesPerSecond' | 'remainingMs'> {
  const numbers = (values: readonly (number | null)[]): number[] =>
    values.filter((value) => value !== null);
  const moving = runs.filter(({ bytesPerSecond }) => bytesPerSecond !== null);
  const rates = numbers([
    ...new Map(
      moving.map(({ run, bytesPerSecond }) => [run.sessionId ?? run.id, bytesPerSecond]),
    ).values(),
  ]);
  const left = numbers(runs.map(({ remainingMs }) => remainingMs));
  return {
    fraction: runs.reduce((sum, run) => sum + run.fraction, 0) / Math.max(1, runs.length),
    bytesPerSecond: rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0),
    remainingMs: left.length === 0 ? null : Math.max(...left),
  };
}

/** "42 %" of a fraction. */
export function percentOf(fraction: number): string {
  return formatPercent(fraction, 1);
}

const URGENCY: Readonly<Record<RunState, number>> = {
  failed: 0,
  interrupted: 1,
  aborted: 2,
  running: 3,
  waiting: 4,
  warned: 5,
  completed: 6,
};

/** Failures first, then the slowest. */
function mostUrgent(runs: readonly RunSummary[]): RunSummary[] {
  return runs.toSorted(
    (one, other) =>
      URGENCY[one.run.state] - URGENCY[other.run.state] || one.fraction - other.fraction,
  );
}

function restLine({ states, tasks }: Texts, rest: readonly RunSummary[]): string {
  const counts = new Map<RunState, number>();
  for (const { run } of rest) counts.set(run.state, (counts.get(run.state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${states.runs[state]}`);
  return tasks.rest(rest.length, parts.join(', '));
}
