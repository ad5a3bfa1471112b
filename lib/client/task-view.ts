/** What the displays of a task need to know, and what follows from it. */

import type { ErrorReport } from '../model/error-report.ts';
import type { HostId } from '../model/ids.ts';
import type { Step } from '../model/step.ts';
import { isSuccess, type Run, type RunProgress, type Session, type Task } from '../model/task.ts';
import type { Status } from '../model/status.ts';
import { workerAt } from '../model/operation.ts';
import { placeOf, type StartPlace } from '../model/worker.ts';

export type TaskView = {
  readonly task: Task;
  readonly hostNames: Readonly<Partial<Record<HostId, string>>>;
  readonly progress: readonly RunProgress[];
  /** Of this task only, newest last. */
  readonly sessions: readonly Session[];
};

/** The part of `status` that is about `task`. */
export function taskViewOf(task: Task, status: Status): TaskView {
  return {
    task,
    hostNames: status.hostNames,
    progress: status.progress,
    sessions: status.sessions.filter((session) => session.taskId === task.id),
  };
}

/** The host's name; its id when it has been deleted. */
export function hostNameOf({ hostNames }: Pick<TaskView, 'hostNames'>, hostId: HostId): string {
  return hostNames[hostId] ?? hostId;
}

/** The hosts that a transmission waits for, because they do not answer. */
export function silentHosts({ members, silent }: Pick<Session, 'members' | 'silent'>): HostId[] {
  const runIds = new Set(silent?.runIds);
  return members.filter(({ runId }) => runIds.has(runId)).map(({ hostId }) => hostId);
}

/** Which of its host's systems a run waits for. `isRestarting`: the host was told to restart into it. */
export type AwaitedSystem = {
  readonly system: StartPlace;
  readonly isRestarting: boolean;
};

/** Null: the run waits for nothing of the kind. */
export function awaitedSystem(
  { state, startedAt, operationIndex, move }: Run,
  { operations }: Pick<Task, 'operations'>,
): AwaitedSystem | null {
  if (state !== 'waiting') return null;
  if (move !== undefined) return { system: placeOf(move.to), isRestarting: true };
  const isForDisk = startedAt !== null && workerAt(operations, operationIndex) === 'agent';
  return isForDisk ? { system: 'disk', isRestarting: false } : null;
}

/** What a run does or waits for now, or how it ended. */
export type Activity =
  | { readonly type: 'none' }
  | { readonly type: 'waiting-for-session' }
  | ({ readonly type: 'waiting-for-system' } & AwaitedSystem)
  /** Of a run that has not begun: how long it waits. */
  | { readonly type: 'waiting-for-host'; readonly until: string | null }
  | {
      readonly type: 'working';
      /** null between two steps, and before there are any. */
      readonly step: Step | null;
      readonly isPlanning: boolean;
      readonly isCancelled: boolean;
    }
  | { readonly type: 'ended'; readonly error: ErrorReport };

export type RunSummary = {
  readonly run: Run;
  /** Of its task. */
  readonly waits: Task['waits'];
  readonly awaited: AwaitedSystem | null;
  readonly hostName: string;
  readonly activity: Activity;
  /** 0 to 1 over all steps. */
  readonly fraction: number;
  readonly bytesPerSecond: number | null;
  readonly remainingMs: number | null;
};

export function summarizeRun(view: TaskView, run: Run): RunSummary {
  const progress =
    run.state === 'running'
      ? view.progress.find((candidate) => candidate.runId === run.id)
      : undefined;
  return {
    run,
    waits: view.task.waits,
    awaited: awaitedSystem(run, view.task),
    hostName: hostNameOf(view, run.hostId),
    activity: activityOf(run, view.task),
    fraction: progress?.total.fraction ?? fractionOfSteps(run),
    bytesPerSecond: progress?.total.bytesPerSecond ?? null,
    remainingMs: progress?.total.remainingMs ?? null,
  };
}

function activityOf(run: Run, task: Pick<Task, 'waits' | 'operations'>): Activity {
  const { waits } = task;
  const awaited = awaitedSystem(run, task);
  if (awaited !== null) return { type: 'waiting-for-system', ...awaited };
  switch (run.state) {
    case 'waiting':
      if (run.missedSessions > 0) return { type: 'waiting-for-session' };
      return { type: 'waiting-for-host', until: run.startedAt === null ? waits.until : null };
    case 'running':
      return {
        type: 'working',
        step: run.steps.findLast(({ state }) => state === 'running') ?? null,
        isPlanning: run.steps.length === 0,
        isCancelled: run.cancelRequested,
      };
    default:
      return run.error === null ? { type: 'none' } : { type: 'ended', error: run.error };
  }
}

/**
 * Between two steps there is no progress report: what has been done of the plan, by bytes. A step that is done again
 * counts once.
 */
function fractionOfSteps(run: Run): number {
  if (isSuccess(run.state)) return 1;
  // It may be about to do all of it again.
  if (run.state === 'waiting') return 0;
  let total = 0;
  let ended = 0;
  for (const step of new Map(run.steps.map((each) => [each.id, each])).values()) {
    const bytes = step.totalBytes ?? 0;
    total += bytes;
    if (step.state === 'completed' || step.state === 'warned' || step.state === 'skipped') {
      ended += bytes;
    }
  }
  return total === 0 ? 0 : ended / total;
}
