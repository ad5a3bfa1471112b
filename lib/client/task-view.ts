/** What the displays of a task need to know, and what follows from it. */

import type { HostId } from '../model/ids.ts';
import { isSuccess, type Run, type RunProgress, type Session, type Task } from '../model/task.ts';
import type { Status } from '../model/status.ts';
import { activityOf, type Activity } from '../rules/run-activity.ts';
import { workingHostsOf } from './host-news.ts';

export type TaskView = {
  readonly task: Task;
  readonly hostNames: Readonly<Partial<Record<HostId, string>>>;
  readonly progress: readonly RunProgress[];
  /** Of this task only, newest last. */
  readonly sessions: readonly Session[];
  /** Hosts that work, for this task or another. */
  readonly working: ReadonlySet<HostId>;
};

/** The part of `status` that is about `task`. */
export function taskViewOf(task: Task, status: Status): TaskView {
  return {
    task,
    hostNames: status.hostNames,
    progress: status.progress,
    sessions: status.sessions.filter((session) => session.taskId === task.id),
    working: workingHostsOf(status),
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

export type RunSummary = {
  readonly run: Run;
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
    hostName: hostNameOf(view, run.hostId),
    activity: activityOf(run, view.task, view.working.has(run.hostId)),
    fraction: progress?.total.fraction ?? fractionOfSteps(run),
    bytesPerSecond: progress?.total.bytesPerSecond ?? null,
    remainingMs: progress?.total.remainingMs ?? null,
  };
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
