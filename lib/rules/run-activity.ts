/** What a run does or waits for now, or how it ended. */

import type { ErrorReport } from '../model/error-report.ts';
import { workerAt } from '../model/operation.ts';
import type { Step } from '../model/step.ts';
import type { Run, Task } from '../model/task.ts';
import { placeOf, type StartPlace } from '../model/worker.ts';

export type Activity =
  | { readonly type: 'none' }
  | { readonly type: 'waiting-for-session' }
  | ({ readonly type: 'waiting-for-system' } & AwaitedSystem)
  /** `until`: how long a run that has not begun waits; null: for ever, or it has begun. */
  | { readonly type: 'waiting-for-host'; readonly until: string | null }
  /** Its host works for another task. */
  | { readonly type: 'waiting-for-task'; readonly until: string | null }
  | {
      readonly type: 'working';
      /** null between two steps, and before there are any. */
      readonly step: Step | null;
      readonly isPlanning: boolean;
      readonly isCancelled: boolean;
    }
  | { readonly type: 'ended'; readonly error: ErrorReport };

/** `isHostWorking`: a run of the host is under way, this one or another. */
export function activityOf(
  run: Run,
  task: Pick<Task, 'waits' | 'operations'>,
  isHostWorking: boolean,
): Activity {
  const awaited = awaitedSystem(run, task);
  if (awaited !== null) return { type: 'waiting-for-system', ...awaited };
  switch (run.state) {
    case 'waiting': {
      if (run.missedSessions > 0) return { type: 'waiting-for-session' };
      const until = run.startedAt === null ? task.waits.until : null;
      return { type: isHostWorking ? 'waiting-for-task' : 'waiting-for-host', until };
    }
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

/** Which of its host's systems a run waits for. `isRestarting`: the host was told to restart into it. */
export type AwaitedSystem = {
  readonly system: StartPlace;
  readonly isRestarting: boolean;
};

/** Null: the run waits for nothing of the kind. */
function awaitedSystem(
  { state, startedAt, operationIndex, move }: Run,
  { operations }: Pick<Task, 'operations'>,
): AwaitedSystem | null {
  if (state !== 'waiting') return null;
  if (move !== undefined) return { system: placeOf(move.to), isRestarting: true };
  const isForDisk = startedAt !== null && workerAt(operations, operationIndex) === 'agent';
  return isForDisk ? { system: 'disk', isRestarting: false } : null;
}
