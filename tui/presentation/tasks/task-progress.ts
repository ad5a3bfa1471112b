/** How far a task and its runs are, from what the server pushes. */

import { bar } from '../../../lib/progress-bar.ts';
import { formatPercent } from '../../../lib/format.ts';
import type { TaskId } from '../../../lib/model/ids.ts';
import { isEnded, isSuccess, type Run, type Task } from '../../../lib/model/task.ts';
import { summarizeRun, type TaskView } from '../../../lib/client/task-view.ts';
import { workingHostsOf } from '../../../lib/client/host-news.ts';
import type { Model } from '../../model.ts';
import { span, type Line } from '../../picture.ts';

/** What is known of a task: the newest of what was read and of what the server pushes. */
export function taskViewIn(
  taskId: TaskId,
  { status, hosts }: Model,
  read: Pick<TaskView, 'task' | 'hostNames'> | null,
): TaskView | null {
  const task = status?.tasks.find(({ id }) => id === taskId) ?? read?.task;
  if (task === undefined) return null;
  return {
    task,
    hostNames: {
      ...Object.fromEntries(hosts.map(({ id, name }) => [id, name])),
      ...read?.hostNames,
      ...status?.hostNames,
    },
    progress: status?.progress ?? [],
    sessions: (status?.sessions ?? []).filter((session) => session.taskId === taskId),
    working: workingHostsOf(status),
  };
}

/** 0 to 1 over the runs that are done or still to be done: a host that failed is neither progress nor work left. */
export function fractionOf(view: TaskView): number {
  const runs = view.task.runs.filter(({ state }) => !isEnded(state) || isSuccess(state));
  const done = runs.map((run) => summarizeRun(view, run).fraction);
  return done.reduce((sum, fraction) => sum + fraction, 0) / Math.max(1, runs.length);
}

export type RunCounts = {
  readonly done: number;
  readonly failed: number;
  /** By an operator. */
  readonly cancelled: number;
  readonly waiting: number;
  readonly running: number;
};

export function countRuns({ runs }: Pick<Task, 'runs'>): RunCounts {
  const count = (isMeant: (run: Run) => boolean): number => runs.filter(isMeant).length;
  return {
    done: count(({ state }) => isSuccess(state)),
    failed: count(({ state }) => isEnded(state) && !isSuccess(state) && state !== 'aborted'),
    cancelled: count(({ state }) => state === 'aborted'),
    waiting: count(({ state }) => state === 'waiting'),
    running: count(({ state }) => state === 'running'),
  };
}

/** From the first run's start to the last one's end; null start when none has begun. */
export function spanOfTask({ runs }: Pick<Task, 'runs'>): {
  readonly startedAt: string | null;
  readonly endedAt: string | null;
} {
  const starts = runs.flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  const ends = runs.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt]));
  const isOver = runs.every(({ state }) => isEnded(state));
  return {
    startedAt: starts.toSorted()[0] ?? null,
    endedAt: isOver ? (ends.toSorted().at(-1) ?? null) : null,
  };
}

/** A bar and a percentage, `width` cells together. */
export function progressCells(fraction: number, width: number, model: Model): Line {
  const percent = formatPercent(fraction, 1).padStart(5);
  return [span(bar(fraction, Math.max(0, width - 6), model.unicode), 'bar'), span(` ${percent}`)];
}
