/** Transitions of a run on an event: its next record, and the effects that follow, as data. */

import { produce } from 'immer';
import { unreachable } from '../../lib/unreachable.ts';
import type { SessionId } from '../../lib/model/ids.ts';
import { traitsOf, workerAt } from '../../lib/model/operation.ts';
import { isEnded, type Run, type Task } from '../../lib/model/task.ts';
import { arrivalError, cancelledError, interruptedError, overdueError } from './run-errors.ts';
import {
  applyRunEvent,
  assessDisk,
  assignTo,
  beginByServer,
  endRun,
  endStoredCapture,
  interruptRun,
  markDropped,
  restartOperation,
  resumeRun,
  sendTo,
} from './run-events.ts';
import { isByServer } from '../../lib/rules/next-place.ts';
import { isInsideOperation, MAX_RESTARTS } from '../../lib/rules/run-resumption.ts';
import { isFromFuture, isOverdue } from '../../lib/rules/waiting.ts';
import { withRoomFor } from './run-texts.ts';
import type { Effect, Transition, WorkEvent } from './work-event.ts';
import { message } from '../../lib/model/messages/table.ts';

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
      return assigned(before, task, event, at);
    case 'begun':
      return begun(before, task, at);
    case 'sent':
      return sent(before, event, at);
    case 'not-arrived':
      return notArrived(before, task, event, at);
    case 'server-restarted':
      return serverRestarted(before, task, event, at);
    case 'not-assigned':
      return changed(before, task, (run) => {
        run.diskOutcome ??= 'untouched';
        endRun(run, 'failed', at, event.error);
      });
    case 'failed':
      return changed(before, task, (run) => {
        if (run.state !== 'running') return;
        assessDisk(run);
        endRun(run, 'failed', at, event.error);
      });
    case 'reported':
      return reported(before, task, event, at);
    case 'worker-returned':
      return { run: produce(before, resumeRun), effects: [{ type: 'stop-awaiting' }] };
    case 'worker-connected':
      return { run: before, effects: [{ type: 'stop-awaiting' }] };
    case 'worker-missing':
      return {
        run: before,
        effects: isByServer(before, task) ? [] : whenRunning(before, event.reason),
      };
    case 'worker-restarted':
      return restarted(before, task, event, at);
    case 'worker-lost':
      return changed(before, task, (run) => {
        if (run.state === 'running') interruptRun(run, at, interruptedError(run, event.reason));
      });
    case 'cancel-asked':
      return { run: before, effects: [{ type: 'stop-work', reason: event.reason }] };
    case 'cancelled':
      return cancelled(before, task, event, at);
    case 'work-asked':
      return workAsked(before, task, event, at);
    case 'dropped':
      return dropped(before, task, event);
    case 'session-failed':
      return sessionFailed(before, task, event);
    case 'time-passed':
      return changed(before, task, (run) => {
        const isOver = isOverdue(task, run, now) || (event.isClockWrong && isFromFuture(run, now));
        if (!isOver) return;
        run.diskOutcome ??= 'untouched';
        endRun(run, 'failed', at, overdueError(task, event.isWorkerConnected));
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

function assigned(before: Run, task: TaskOfRun, event: Of<'assigned'>, at: string): Transition {
  // It may have been cancelled, or have ended, while the operation was made ready.
  const isWanted =
    !before.cancelRequested && (before.state === 'waiting' || before.state === 'running');
  if (!isWanted) return { run: before, effects: afterLeaving(before, before, task) };
  const run = produce(before, (draft) => {
    assignTo(draft, event.instanceId, at, event.proof);
    if (event.sessionId !== null) draft.sessionId = event.sessionId;
  });
  // It has arrived where it was sent.
  return { run, effects: before.move === undefined ? [] : [{ type: 'stop-awaiting' }] };
}

function begun(before: Run, task: TaskOfRun, at: string): Transition {
  const isWanted = before.state === 'waiting' && !before.cancelRequested;
  if (!isWanted || !isByServer(before, task)) return { run: before, effects: [] };
  return { run: produce(before, (draft) => beginByServer(draft, at)), effects: [] };
}

function sent(before: Run, { to, instanceId }: Of<'sent'>, at: string): Transition {
  const isWanted = !before.cancelRequested && !isEnded(before.state);
  const { move } = before;
  // A worker that asks again before the host restarts changes nothing: no write of the store for each of its calls.
  const isTold = move?.to === to && move.toldTo === instanceId && before.state === 'waiting';
  if (!isWanted || isTold) return { run: before, effects: [] };
  const run = produce(before, (draft) => sendTo(draft, { to, instance: instanceId }, at));
  // Its time runs from the first order on: one that comes up in the wrong system again and again has no more of it.
  const isUnderWay = move?.to === to;
  return { run, effects: isUnderWay ? [] : [{ type: 'await-arrival', of: to }] };
}

function notArrived(
  before: Run,
  task: TaskOfRun,
  { isThere }: Of<'not-arrived'>,
  at: string,
): Transition {
  const { state, move } = before;
  if (state !== 'waiting' || move === undefined || isThere) return { run: before, effects: [] };
  return changed(before, task, (run) => {
    run.diskOutcome ??= 'untouched';
    endRun(run, 'failed', at, arrivalError(move.to));
  });
}

/** As with a worker of a host that comes again: an operation that lets the server fall over comes to rest. */
function serverRestarted(
  before: Run,
  task: TaskOfRun,
  { isRepeatable }: Of<'server-restarted'>,
  at: string,
): Transition {
  if (before.state !== 'running' || !isByServer(before, task)) return { run: before, effects: [] };
  return changed(before, task, (draft) => {
    const error = interruptedError(draft, 'the server was restarted in the middle of it');
    draft.diskOutcome ??= 'untouched';
    if (draft.cancelRequested) endRun(draft, 'aborted', at, cancelledError('cancelled'));
    else if (isRepeatable && draft.restarts < MAX_RESTARTS)
      restartOperation(draft, at, error, message('note.server-restarted'));
    else endRun(draft, 'failed', at, error);
  });
}

function reported(
  before: Run,
  task: TaskOfRun,
  { by, events, lastSequence, isResumable, identityOf }: Of<'reported'>,
  at: string,
): Transition {
  const { operations } = task;
  const run = produce(before, (draft) => {
    // It is with another worker by now.
    if (workerAt(operations, draft.operationIndex) !== by) {
      draft.eventSequence = lastSequence;
      return;
    }
    // One that was thought lost for long does not try again by itself.
    if (draft.state === 'interrupted' && !isResumable) draft.droppedFrom = null;
    // The engine is plainly alive: its word counts even if the run was thought lost.
    if (draft.state === 'interrupted') resumeRun(draft);
    if (draft.state === 'running') {
      for (const event of withRoomFor(before, events))
        applyRunEvent(draft, event, { by, operations, now: at });
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
  return { run, effects: hasLeft ? [...effects, ...afterLeaving(before, run, task)] : effects };
}

function restarted(
  before: Run,
  task: TaskOfRun,
  { reason, restarts, isCaptured }: Of<'worker-restarted'>,
  at: string,
): Transition {
  const { operations } = task;
  // Meanwhile its end may have come after all, or an operator's word.
  const isUnderWay = before.state === 'running' || before.state === 'interrupted';
  if (!isUnderWay || before.restarts !== restarts) return { run: before, effects: [] };
  const { run, effects } = changed(before, task, (draft) => {
    if (draft.cancelRequested) {
      assessDisk(draft);
      endRun(draft, 'aborted', at, cancelledError('cancelled'));
    } else if (isCaptured) endStoredCapture(draft, operations, at);
    else {
      const note = message('note.host-restarted');
      restartOperation(draft, at, interruptedError(draft, reason), note);
    }
  });
  // One whose capture was stored goes on with its next operation: its engine asks for it.
  const left = run.state === 'running' ? afterLeaving(before, run, task) : effects;
  return {
    run,
    effects: [{ type: 'stop-awaiting' }, { type: 'log-restart', reason }, ...left],
  };
}

function cancelled(
  before: Run,
  task: TaskOfRun,
  { operator, isWorkerConnected }: Of<'cancelled'>,
  at: string,
): Transition {
  const reason = `cancelled by ${operator}`;
  const { run, effects } = changed(before, task, (draft) => {
    draft.cancelRequested = true;
    if (draft.state === 'waiting') {
      draft.diskOutcome ??= 'untouched';
      endRun(draft, 'aborted', at, cancelledError(reason));
    } else if (draft.state === 'running' && !isWorkerConnected) {
      interruptRun(draft, at, cancelledError(reason));
    } else if (draft.state === 'interrupted') {
      // It would have begun again when its host comes back.
      endRun(draft, 'aborted', at, cancelledError(reason));
    }
  });
  const who = isByServer(run, task) ? 'the server' : 'the engine';
  const silent = whenRunning(run, `${reason}, but ${who} did not say that it stopped`);
  return { run, effects: [...effects, ...silent] };
}

/**
 * A run that was cancelled between two operations ends here; one in the middle of an operation is one whose end was
 * never reported. One that is with another worker is not concerned.
 */
function workAsked(before: Run, task: TaskOfRun, { by }: Of<'work-asked'>, at: string): Transition {
  const isIts = workerAt(task.operations, before.operationIndex) === by;
  if (before.state !== 'running' || !isIts) return { run: before, effects: [] };
  return changed(before, task, (run) => {
    if (isInsideOperation(run, by)) {
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

function sessionFailed(
  before: Run,
  task: TaskOfRun,
  { sessionId, reason }: Of<'session-failed'>,
): Transition {
  const isConcerned = isReceiving(before, task, sessionId);
  return {
    run: before,
    effects: isConcerned ? [{ type: 'end-receiving', sessionId, reason }] : [],
  };
}

/** What `change` makes of the run, and what follows when it is not at work any more. */
function changed(before: Run, task: TaskOfRun, change: (run: Run) => void): Transition {
  const run = produce(before, change);
  const hasLeft = run !== before && run.state !== 'running';
  return { run, effects: hasLeft ? afterLeaving(before, run, task) : [] };
}

/** What follows when an operation is over, whichever way. */
function afterLeaving(before: Run, run: Run, task: TaskOfRun): Effect[] {
  const left: Effect[] = [{ type: 'forget-progress' }, { type: 'leave-session' }];
  if (run.state === 'running') return left;
  left.push({ type: 'stop-awaiting' });
  if (run.state === 'waiting') return [...left, { type: 'offer-work' }];
  if (run.state !== before.state) left.push({ type: 'log-end' });
  // Nobody on the host has just been at it, and would ask for the next one.
  if (before.move !== undefined || isByServer(before, task)) left.push({ type: 'offer-work' });
  // An interrupted one may still be finished by its worker.
  return run.state === 'interrupted' ? left : [...left, { type: 'release' }];
}

function whenRunning(run: Run, reason: string): Effect[] {
  return run.state === 'running' ? [{ type: 'await-worker', reason }] : [];
}
