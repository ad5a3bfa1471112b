/** A task as plain lines, for logs and pipes: what changed since the last look. */

import { render } from '../../lib/messages/render.ts';
import { formatDuration, printable } from '../../lib/format.ts';
import { isSuccess, type Session } from '../../lib/model/task.ts';
import type { Texts } from '../text/catalogue.ts';
import { rateText } from '../../lib/text/quantities.ts';
import { activityText } from '../../lib/client/work-in-words.ts';
import { percentOf, totalOf } from './progress-block.ts';
import { sessionLine } from './session.ts';
import { summarizeRun, type RunSummary, type TaskView } from '../../lib/client/task-view.ts';

/** How often a line about the whole task comes. */
const PROGRESS_INTERVAL_MS = 10_000;

export class ProgressLines {
  readonly #texts: Texts;
  readonly #said = new Map<string, string>();
  #lastProgressMs: number | undefined;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** The lines that are news at `nowMs`. */
  update(view: TaskView, nowMs: number): string[] {
    const runs = view.task.runs.map((run) => summarizeRun(view, run));
    const news = [
      ...view.sessions.flatMap((session) =>
        this.#news(session.id, sessionKey(session), sessionLine(this.#texts, session, view)),
      ),
      ...runs.flatMap((run) => {
        const text = hostText(this.#texts, run);
        return this.#news(run.run.id, text, text);
      }),
    ];
    this.#lastProgressMs ??= nowMs;
    if (nowMs - this.#lastProgressMs >= PROGRESS_INTERVAL_MS) {
      this.#lastProgressMs = nowMs;
      news.push(progressText(this.#texts, view, runs));
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

function hostText(texts: Texts, { hostName, run, activity }: RunSummary): string {
  const doing = activityText(texts.language, activity);
  return [hostName, texts.states.runs[run.state], ...(doing === '' ? [] : [doing])].join(': ');
}

function progressText(texts: Texts, { task }: TaskView, runs: readonly RunSummary[]): string {
  const { tasks } = texts;
  const { fraction, bytesPerSecond, remainingMs } = totalOf(runs);
  const done = runs.filter(({ run }) => isSuccess(run.state)).length;
  return [
    `${render(texts.language, task.title)}: ${percentOf(fraction)}`,
    tasks.hostsDone(done, runs.length),
    ...(bytesPerSecond === null ? [] : [rateText(bytesPerSecond, texts)]),
    ...(remainingMs === null ? [] : [tasks.left(formatDuration(remainingMs))]),
  ].join(', ');
}
