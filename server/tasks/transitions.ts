/** What becomes of a run when something happens to it: its next record, and what has to be done about it, as data. */

import { produce } from 'immer';
import { unreachable } from '../../lib/unreachable.ts';
import type { DiskIdentity } from '../../lib/model/disk-identity.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { EngineInstanceId, SessionId } from '../../lib/model/ids.ts';
import { traitsOf } from '../../lib/model/operation.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import type { RunEvent } from '../../lib/protocol/engine-api.ts';
import { cancelledError, interruptedError, overdueError } from './run-errors.ts';
import {
  applyRunEvent,
  assessDisk,
  assignTo,
  endRun,
  endStoredCapture,
  interruptRun,
  isInsideOperation,
  markDropped,
  restartOperation,
  resumeRun,
} from './run-events.ts';
import { isFromFuture, isOverdue } from './waiting.ts';

/** What can happen to a run. docs/design/work.md has the diagram. */
export type WorkEvent =
  /** A start of the engine is given the run's next operation; `sessionId` if it gets its image by that session. */
  | {
      readonly type: 'assigned';
      readonly instanceId: EngineInstanceId;
      readonly proof: Run['engineProof'];
      readonly sessionId: SessionId | null;
    }
  /** The next operation could not be made ready: its image is gone, say. */
  | { readonly type: 'not-assigned'; readonly error: ErrorReport }
  /** The operation under way cannot succeed: its engine cannot say what the server needs. */
  | { readonly type: 'failed'; readonly error: ErrorReport }
  /**
   * The engine reports what happened up to event number `lastSequence`. `isResumable`: it would go on by itself if it
   * was interrupted. `identityOf` finds the disk that the engine names in words, as engines of version 0.2 do.
   */
  | {
      readonly type: 'reported';
      readonly events: readonly RunEvent[];
      readonly lastSequence: number;
      readonly isResumable: boolean;
      readonly identityOf: (disk: string) => DiskIdentity | undefined;
    }
  /** The start of the engine that has the run has connected again, and is still at it. */
  | { readonly type: 'engine-returned' }
  /** An engine of the host has connected; between two operations the run is handed out again when it asks. */
  | { readonly type: 'engine-connected' }
  /** No engine of the host is connected, or it does not say what it should. */
  | { readonly type: 'engine-missing'; readonly reason: string }
  /** Another start of the engine came in the middle of an operation. `restarts`: how often that was so before. */
  | {
      readonly type: 'engine-restarted';
      readonly reason: string;
      readonly restarts: number;
      readonly isCaptured: boolean;
    }
  /** The engine is not waited for any more. */
  | { readonly type: 'engine-lost'; readonly reason: string }
  /** An operator cancels. */
  | {
      readonly type: 'cancelled';
      readonly operator: string;
      readonly isEngineConnected: boolean;
    }
  /** The engine asks for its next operation, and has none. */
  | { readonly type: 'work-asked' }
  /** The sender of a session has given the host up, or ends the session early. */
  | { readonly type: 'dropped'; readonly sessionId: SessionId; readonly reason: string }
  /** Time has passed. `isClockWrong`: the server's clock was ahead when it wrote what it reads now. */
  | {
      readonly type: 'time-passed';
      readonly isEngineConnected: boolean;
      readonly isClockWrong: boolean;
    };

/** What has to be done once a transition is durable, in this order. */
export type Effect =
  /** Give the run up unless its engine comes back in time. */
  | { readonly type: 'await-engine'; readonly reason: string }
  | { readonly type: 'stop-awaiting' }
  /** Tell the host's engine that there is work. */
  | { readonly type: 'offer-work' }
  /** Tell the engine that its run cannot succeed, if it still receives by that session. */
  | { readonly type: 'end-receiving'; readonly sessionId: SessionId; readonly reason: string }
  /** Its receiver runs: its session may begin as far as this host is concerned. */
  | { readonly type: 'mark-ready' }
  | { readonly type: 'leave-session' }
  /** The others of its session are to know whether it comes back. */
  | { readonly type: 'recount-session' }
  | { readonly type: 'forget-progress' }
  | { readonly type: 'log-end' }
  | { readonly type: 'log-restart'; readonly reason: string }
  | { readonly type: 'log-drop'; readonly sessionId: SessionId; readonly reason: string }
  /** Nothing of it is needed any more: what it staged, what is kept of it in memory. */
  | { readonly type: 'release' };

export type Transition = { readonly run: Run; readonly effects: readonly Effect[] };

type TaskOfRun = Pick<Task, 'operations' | 'waits'>;

/** The run after `event` at `now` (milliseconds since 1970). An event that does not fit the run's state changes nothing. */
export function transition(
  { task, run: before }: { readonly task: TaskOfRun; readonly run: Run },
  event: WorkEvent,
  now: number,
): Transition {
  const at = new Date(now).toISOString();
  switch (event.type) {
    case 'assigned':
      return assigned(before, event, at);
    case 'not-assigned':
      return changed(before, (run) => {
        run.diskOutcome ??= 'untouched';
        endRun(run, 'failed', at, event.error);
      });
    case 'failed':
      return changed(before, (run) => {
        if (run.state !== 'running') return;
        assessDisk(run);
        endRun(run, 'failed', at, event.error);
      });
    case 'reported':
      return reported(before, task, event, at);
    case 'engine-returned':
      return { run: produce(before, resumeRun), effects: [{ type: 'stop-awaiting' }] };
    case 'engine-connected':
      return { run: before, effects: [{ type: 'stop-awaiting' }] };
    case 'engine-missing':
      return { run: before, effects: whenRunning(before, event.reason) };
    case 'engine-restarted':
      return restarted(before, task, event, at);
    case 'engine-lost':
      return changed(before, (run) => {
        if (run.state === 'running') interruptRun(run, at, interruptedError(run, event.reason));
      });
    case 'cancelled':
      return cancelled(before, event, at);
    case 'work-asked':
      return workAsked(before, at);
    case 'dropped':
      return dropped(before, task, event);
    case 'time-passed':
      return changed(before, (run) => {
        const isOver = isOverdue(task, run, now) || (event.isClockWrong && isFromFuture(run, now));
        if (!isOver) return;
        run.diskOutcome ??= 'untouched';
        endRun(run, 'failed', at, overdueError(task, event.isEngineConnected));
      });
    default:
      return unreachable(event);
  }
}

/** Whether the run receives by that session now. */
export function isReceiving(run: Run, { operations }: TaskOfRun, sessionId: SessionId): boolean {
  const operation = operations[run.operationIndex];
  return (
    run.state === 'running' &&
    run.sessionId === sessionId &&
    operation !== undefined &&
    traitsOf(operation).receives
  );
}

type Of<T extends WorkEvent['type']> = Extract<WorkEvent, { type: T }>;

function assigned(before: Run, event: Of<'assigned'>, at: string): Transition {
  // It may have been cancelled, or have ended, while the operation was made ready.
  const isWanted =
    !before.cancelRequested && (before.state === 'waiting' || before.state === 'running');
  if (!isWanted) return { run: before, effects: afterLeaving(before, before) };
  const run = produce(before, (draft) => {
    assignTo(draft, event.instanceId, at, event.proof);
    if (event.sessionId !== null) draft.sessionId = event.sessionId;
  });
  return { run, effects: [] };
}

function reported(
  before: Run,
  { operations }: TaskOfRun,
  { events, lastSequence, isResumable, identityOf }: Of<'reported'>,
  at: string,
): Transition {
  const run = produce(before, (draft) => {
    // One that was thought lost for long does not try again by itself.
    if (draft.state === 'interrupted' && !isResumable) draft.droppedFrom = null;
    // The engine is plainly alive: its word counts even if the run was thought lost.
    if (draft.state === 'interrupted') resumeRun(draft);
    if (draft.state === 'running') {
      for (const event of events) applyRunEvent(draft, event, operations.length, at);
      const told = draft.diskIdentity ?? identityOf(draft.disk ?? '');
      if (told !== undefined) draft.diskIdentity = told;
    }
    draft.eventSequence = lastSequence;
  });
  const effects: Effect[] = [];
  for (const event of events) {
    if (event.type === 'session-ready') effects.push({ type: 'mark-ready' });
    if (event.type === 'step-ended' && event.state === 'completed')
      effects.push({ type: 'forget-progress' });
  }
  const hasLeft = run.state !== 'running' || events.some(({ type }) => type === 'operation-ended');
  return { run, effects: hasLeft ? [...effects, ...afterLeaving(before, run)] : effects };
}

function restarted(
  before: Run,
  { operations }: TaskOfRun,
  { reason, restarts, isCaptured }: Of<'engine-restarted'>,
  at: string,
): Transition {
  // Meanwhile its end may have come after all, or an operator's word.
  const isUnderWay = before.state === 'running' || before.state === 'interrupted';
  if (!isUnderWay || before.restarts !== restarts) return { run: before, effects: [] };
  const { run, effects } = changed(before, (draft) => {
    if (draft.cancelRequested) {
      assessDisk(draft);
      endRun(draft, 'aborted', at, cancelledError('cancelled'));
    } else if (isCaptured) endStoredCapture(draft, operations.length, at);
    else restartOperation(draft, at, interruptedError(draft, reason));
  });
  // One whose capture was stored goes on with its next operation: its engine asks for it.
  const left = run.state === 'running' ? afterLeaving(before, run) : effects;
  return {
    run,
    effects: [{ type: 'stop-awaiting' }, { type: 'log-restart', reason }, ...left],
  };
}

function cancelled(
  before: Run,
  { operator, isEngineConnected }: Of<'cancelled'>,
  at: string,
): Transition {
  const reason = `cancelled by ${operator}`;
  const { run, effects } = changed(before, (draft) => {
    draft.cancelRequested = true;
    if (draft.state === 'waiting') {
      draft.diskOutcome ??= 'untouched';
      endRun(draft, 'aborted', at, cancelledError(reason));
    } else if (draft.state === 'running' && !isEngineConnected) {
      interruptRun(draft, at, cancelledError(reason));
    } else if (draft.state === 'interrupted') {
      // It would have begun again when its host comes back.
      endRun(draft, 'aborted', at, cancelledError(reason));
    }
  });
  const silent = whenRunning(run, `${reason}, but the engine did not say that it stopped`);
  return { run, effects: [...effects, ...silent] };
}

/**
 * A run that was cancelled between two operations ends here; one in the middle of an operation is one whose end was
 * never reported.
 */
function workAsked(before: Run, at: string): Transition {
  if (before.state !== 'running') return { run: before, effects: [] };
  return changed(before, (run) => {
    if (isInsideOperation(run)) {
      const reason = 'the engine asked for other work without saying how it ended';
      interruptRun(run, at, interruptedError(run, reason));
    } else if (run.cancelRequested) {
      assessDisk(run);
      endRun(run, 'aborted', at, cancelledError('cancelled'));
    }
  });
}

function dropped(before: Run, task: TaskOfRun, { sessionId, reason }: Of<'dropped'>): Transition {
  // Who has come again since then, or is done, is not concerned.
  if (!isReceiving(before, task, sessionId)) return { run: before, effects: [] };
  return {
    run: produce(before, (draft) => markDropped(draft, sessionId)),
    effects: [
      { type: 'log-drop', sessionId, reason },
      { type: 'end-receiving', sessionId, reason },
      { type: 'recount-session' },
    ],
  };
}

/** What `change` makes of the run, and what follows when it is not at work any more. */
function changed(before: Run, change: (run: Run) => void): Transition {
  const run = produce(before, change);
  const hasLeft = run !== before && run.state !== 'running';
  return { run, effects: hasLeft ? afterLeaving(before, run) : [] };
}

/** What follows when an operation is over, whichever way. */
function afterLeaving(before: Run, run: Run): Effect[] {
  const left: Effect[] = [{ type: 'forget-progress' }, { type: 'leave-session' }];
  if (run.state === 'running') return left;
  left.push({ type: 'stop-awaiting' });
  if (run.state === 'waiting') return [...left, { type: 'offer-work' }];
  if (run.state !== before.state) left.push({ type: 'log-end' });
  // An interrupted one may still be finished by its engine.
  return run.state === 'interrupted' ? left : [...left, { type: 'release' }];
}

function whenRunning(run: Run, reason: string): Effect[] {
  return run.state === 'running' ? [{ type: 'await-engine', reason }] : [];
}
