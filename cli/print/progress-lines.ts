/** A task as plain lines, for logs and pipes: what changed since the last look. */

import { formatDuration, formatRate, printable } from '../../lib/format.ts';
import { isSuccess, type Session } from '../../lib/model/task.ts';
import { percentOf, totalOf } from './progress-block.ts';
import { sessionLine } from './session.ts';
import { summarizeRun, type RunSummary, type TaskView } from '../../lib/task-view.ts';

/** How often a line about the whole task comes. */
const PROGRESS_INTERVAL_MS = 10_000;

export class ProgressLines {
  readonly #said = new Map<string, string>();
  #lastProgressMs: number | undefined;

  /** The lines that are news at `nowMs`. */
  update(view: TaskView, nowMs: number): string[] {
    const runs = view.task.runs.map((run) => summarizeRun(view, run));
    const news = [
      ...view.sessions.flatMap((session) =>
        this.#news(session.id, sessionKey(session), sessionLine(session, view)),
      ),
      ...runs.flatMap((run) => this.#news(run.run.id, stateKey(run), hostText(run))),
    ];
    this.#lastProgressMs ??= nowMs;
    if (nowMs - this.#lastProgressMs >= PROGRESS_INTERVAL_MS) {
      this.#lastProgressMs = nowMs;
      news.push(progressText(view, runs));
    }
    return news.map(printable);
  }

  #news(about: string, key: string, line: string): string[] {
    if (this.#said.get(about) === key) return [];
    this.#said.set(about, key);
    return [line];
  }
}

function sessionKey({ state, silent }: Session): string {
  return `${state} ${silent?.runIds.join(' ') ?? ''}`;
}

function stateKey({ run, activity }: RunSummary): string {
  return `${run.state} ${activity}`;
}

function hostText({ hostName, run, activity }: RunSummary): string {
  return activity === '' ? `${hostName}: ${run.state}` : `${hostName}: ${run.state}: ${activity}`;
}

function progressText({ task }: TaskView, runs: readonly RunSummary[]): string {
  const { fraction, bytesPerSecond, remainingMs } = totalOf(runs);
  const done = runs.filter(({ run }) => isSuccess(run.state)).length;
  return [
    `${task.title}: ${percentOf(fraction)}`,
    `${done} of ${runs.length} hosts done`,
    ...(bytesPerSecond === null ? [] : [formatRate(bytesPerSecond)]),
    ...(remainingMs === null ? [] : [`${formatDuration(remainingMs)} left`]),
  ].join(', ');
}
