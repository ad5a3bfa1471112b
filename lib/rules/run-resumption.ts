/** Which runs are done again when their hosts come back, and which start of the engine has a run. */

import type { EngineInstanceId, HostId, RunId } from '../model/ids.ts';
import { traitsOf, type Operation } from '../model/operation.ts';
import { workerOfStep } from '../model/step.ts';
import type { Run, RunState, Task } from '../model/task.ts';
import type { WorkerKind } from '../model/worker.ts';
import { isRecent } from './recent.ts';

/** A machine that falls over at the same place each time must come to rest. */
export const MAX_RESTARTS = 2;
/** Longer than any step takes; by the next morning a room is in use again. */
export const SAME_DAY_MS = 12 * 3_600_000;

/**
 * The runs whose operation is to be done again when another start of the engine comes at `now` (milliseconds since
 * 1970). Not one that an operator has cancelled, or has given the host other work after; not one of long ago.
 * `tasks` are in the order in which they were made.
 */
export function resumableRuns(tasks: readonly Task[], now: number): ReadonlySet<RunId> {
  const found = new Set<RunId>();
  const haveLaterWork = new Set<HostId>();
  for (const task of tasks.toReversed()) {
    for (const run of task.runs) {
      if (!haveLaterWork.has(run.hostId) && isResumable(task, run, now)) found.add(run.id);
    }
    for (const { hostId } of task.runs) haveLaterWork.add(hostId);
  }
  return found;
}

function isResumable({ operations }: Task, run: Run, now: number): boolean {
  return (
    (run.state === 'running' || isRecentlyInterrupted(run, now)) &&
    !run.cancelRequested &&
    run.restarts < MAX_RESTARTS &&
    // A host that was to be switched off or restarted has been.
    !endsWorker(operations[run.operationIndex]) &&
    isRecent(lastSignOf(run), now, SAME_DAY_MS)
  );
}

function endsWorker(operation: Operation | undefined): boolean {
  return operation !== undefined && traitsOf(operation).endsWorker;
}

/** How long a host that was cut off may go on receiving, or come back to its work. */
const CUT_OFF_MS = 3_600_000;

/** Whether the host of this run was cut off a short while before `now` (milliseconds since 1970): it may still be at it. */
export function isRecentlyInterrupted(
  { state, endedAt }: Pick<Run, 'state' | 'endedAt'>,
  now: number,
): boolean {
  return state === 'interrupted' && isRecent(endedAt, now, CUT_OFF_MS);
}

/** What an operator may do with the run at `now` depends on this (capability.ts). */
export function runFacts(
  run: Pick<Run, 'state' | 'endedAt'>,
  now: number,
): { readonly runState: RunState; readonly isRecentlyInterrupted: boolean } {
  return { runState: run.state, isRecentlyInterrupted: isRecentlyInterrupted(run, now) };
}

/** Whether the engine that had the run, and was cut off, may be at it still: what it sends and reports counts. */
export function mayStillFinish(run: Run, now: number): boolean {
  return isRecentlyInterrupted(run, now) && !run.cancelRequested;
}

/**
 * When something of the run began last: the server may have been off since. By the order of the steps, for the clock
 * may have been set back between two of them.
 */
function lastSignOf({ steps, startedAt }: Run): string | null {
  return steps.findLast((step) => step.startedAt !== null)?.startedAt ?? startedAt;
}

/** Whether `instance` is the start of the engine that has the run; one that an older server gave out can be anybody's. */
export function isOwnedBy(
  { workerInstanceId }: Pick<Run, 'workerInstanceId'>,
  instance: EngineInstanceId,
): boolean {
  return workerInstanceId === null || workerInstanceId === instance;
}

/** Whether worker `by` has begun an operation of the run whose end it has not reported. */
export function isInsideOperation(run: Run, by: WorkerKind): boolean {
  return run.steps.some(
    (step) => (step.state === 'planned' || step.state === 'running') && workerOfStep(step) === by,
  );
}
