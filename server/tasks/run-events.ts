/** What a worker's events make of a run: pure changes to its record. */

import { unreachable } from '../../lib/unreachable.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { EngineInstanceId, SessionId } from '../../lib/model/ids.ts';
import { traitsOf, workerAt, type Operation } from '../../lib/model/operation.ts';
import { workerOfStep, type Step } from '../../lib/model/step.ts';
import type { DiskOutcome, Run, RunState } from '../../lib/model/task.ts';
import type { HostWorkerKind, WorkerKind } from '../../lib/model/worker.ts';
import type { RunEvent } from '../../lib/protocol/engine-api.ts';
import { mayTryAgain } from '../../lib/rules/retry.ts';
import { cancelledError } from './run-errors.ts';
import type { Message } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';

/** What the kinds of a task's operations say of their workers. */
type Operations = readonly Pick<Operation, 'type'>[];

/**
 * Applies one event of worker `by` to `run`, the record in the store's draft, at time `now`. `operations` are those of
 * its task. What a worker says of an operation that is another one's changes nothing.
 */
export function applyRunEvent(
  run: Run,
  event: RunEvent,
  { by, operations, now }: { by: WorkerKind; operations: Operations; now: string },
): void {
  if (workerAt(operations, run.operationIndex) !== by) return;
  switch (event.type) {
    case 'plan':
      if (by !== 'server') setDisk(run, event);
      run.steps = [
        ...run.steps.filter((step) => step.state !== 'planned' || workerOfStep(step) !== by),
        ...event.steps.map((step): Step => ({
          ...step,
          ...(by === 'engine' ? {} : { by }),
          state: 'planned',
          startedAt: null,
          endedAt: null,
          doneBytes: 0,
          notes: [],
          error: null,
        })),
      ];
      return;
    case 'step-started':
      changeStep(run, by, event.stepId, (step) => {
        step.state = 'running';
        step.startedAt = now;
      });
      return;
    case 'step-ended':
      changeStep(run, by, event.stepId, (step) => {
        step.state = event.state;
        step.endedAt = now;
        step.doneBytes = event.doneBytes;
        step.notes = event.notes;
        step.error = event.error;
      });
      return;
    case 'operation-ended':
      endOperation(run, event, operations, now);
      return;
    case 'session-ready':
    case 'captured':
      return;
    default:
      unreachable(event);
  }
}

/** Ends a run: steps under way are aborted, those never begun are skipped. */
export function endRun(
  run: Run,
  state: Exclude<RunState, 'waiting' | 'running'>,
  now: string,
  error: ErrorReport | null,
): void {
  run.state = state;
  run.endedAt = now;
  run.error = error;
  delete run.move;
  endSteps(run, now);
}

function endSteps({ steps }: Run, now: string): void {
  for (const step of steps) {
    if (step.state === 'running') {
      step.state = 'aborted';
      step.endedAt = now;
    } else if (step.state === 'planned') {
      step.state = 'skipped';
    }
  }
}

/** An operation without a disk, like a restart after a deploy, leaves what is known of the one before. */
function setDisk(run: Run, { disk, diskIdentity }: Extract<RunEvent, { type: 'plan' }>): void {
  if (disk === '') return;
  run.disk = disk;
  if (diskIdentity === undefined) delete run.diskIdentity;
  else run.diskIdentity = diskIdentity;
}

/** Nobody knows how the run went on: its worker or the server was gone. */
export function interruptRun(run: Run, now: string, error: ErrorReport): void {
  assessDisk(run);
  run.state = 'interrupted';
  run.endedAt = now;
  run.error = error;
}

/** What is on the disk of a run of which nobody knows how it went on: unknown unless no step that writes can have begun. */
export function assessDisk(run: Run): void {
  // What an earlier operation completed stays complete unless a later one has begun to write.
  const mayHaveWritten = run.steps.some(
    ({ writes, state }) =>
      writes &&
      (state === 'running' ||
        (run.diskOutcome !== 'complete' && state !== 'planned' && state !== 'skipped')),
  );
  if (mayHaveWritten) run.diskOutcome = 'unknown';
  else run.diskOutcome ??= 'untouched';
}

/**
 * The worker was started again in the middle of an operation, which is done again from its beginning; `note` says so.
 * What is on the host's disk stays known as it was left.
 */
export function restartOperation(run: Run, now: string, error: ErrorReport, note: Message): void {
  interruptRun(run, now, error);
  for (const step of run.steps) {
    if (step.state !== 'running') continue;
    step.state = 'aborted';
    step.endedAt = now;
    step.error = error;
  }
  markRetried(run.steps, note);
  run.steps = run.steps.filter(({ state }) => state !== 'planned');
  run.state = 'waiting';
  run.endedAt = null;
  run.error = null;
  run.sessionId = null;
  run.droppedFrom = null;
  run.restarts += 1;
}

/** The image was stored before the host was restarted: what was left to do of the operation is past. */
export function endStoredCapture(run: Run, operations: Operations, now: string): void {
  for (const step of run.steps) {
    if (step.state !== 'running' && step.state !== 'planned') continue;
    step.state = 'skipped';
    step.notes = [message('note.image-stored-already')];
  }
  resumeRun(run);
  endOperation(
    run,
    {
      type: 'operation-ended',
      operationIndex: run.operationIndex,
      error: null,
      outcome: 'completed',
      diskOutcome: 'untouched',
    },
    operations,
    now,
  );
}

/** The sender of session `sessionId` has given the host up. It will fail for that, and tries again. */
export function markDropped(run: Run, sessionId: SessionId): void {
  // Who has come again since then gets the image another way.
  if (run.state === 'running' && run.sessionId === sessionId) run.droppedFrom = sessionId;
}

/** The server does the run's next operation. */
export function beginByServer(run: Run, now: string): void {
  run.state = 'running';
  run.startedAt ??= now;
}

/** The host is told to restart, so that `to` comes up on it; `instance` is the start of a worker that is told. */
export function sendTo(
  run: Run,
  { to, instance }: { readonly to: HostWorkerKind; readonly instance: EngineInstanceId },
  now: string,
): void {
  const before = run.move?.to === to ? run.move : undefined;
  const isToldAgain = before?.toldTo === instance;
  run.state = 'waiting';
  run.startedAt ??= now;
  run.move = {
    to,
    since: before?.since ?? now,
    orders: (before?.orders ?? 0) + (isToldAgain ? 0 : 1),
    toldTo: instance,
  };
}

/** A start of a host's worker is given the run's next operation. */
export function assignTo(
  run: Run,
  instance: EngineInstanceId,
  now: string,
  proof: Run['workerProof'] = null,
): void {
  run.workerProof = proof;
  if (run.workerInstanceId !== instance) {
    // The start that had it was gone before it said what it would do.
    if (run.state === 'running' && run.workerInstanceId !== null) run.restarts += 1;
    run.workerInstanceId = instance;
    // Each start counts its events from one.
    run.eventSequence = 0;
  }
  run.state = 'running';
  run.startedAt ??= now;
  delete run.move;
}

/** The step that ended badly, when the run goes on all the same. */
function markRetried(steps: readonly Step[], note: Message): void {
  const last = steps.findLast(({ state }) => state === 'failed' || state === 'aborted');
  if (last?.notes.length === 0) last.notes = [note];
}

/** The worker is back and still at it. */
export function resumeRun(run: Run): void {
  run.state = 'running';
  run.endedAt = null;
  run.error = null;
}

/** The worker's newest step of that name: a run that missed a session has some names twice. */
function changeStep(run: Run, by: WorkerKind, stepId: string, change: (step: Step) => void): void {
  const step = run.steps.findLast(
    (candidate) => candidate.id === stepId && workerOfStep(candidate) === by,
  );
  if (step !== undefined) change(step);
}

function endOperation(
  run: Run,
  event: Extract<RunEvent, { type: 'operation-ended' }>,
  operations: Operations,
  now: string,
): void {
  run.diskOutcome = worseOutcome(run.diskOutcome, event.diskOutcome);
  switch (event.outcome) {
    case 'completed':
    case 'warned':
      run.operationIndex = event.operationIndex + 1;
      if (run.operationIndex >= operations.length) {
        const warned = run.steps.some((step) => step.state === 'warned');
        endRun(run, warned ? 'warned' : 'completed', now, null);
      } else {
        const next = workerAt(operations, run.operationIndex);
        const isOthers = next !== workerAt(operations, event.operationIndex);
        // Who is on a host asks for the next one by itself.
        if (isOthers || next === 'server') handOver(run, now);
        forgetSessions(run, operations[run.operationIndex]);
      }
      return;
    case 'failed':
      if (mayTryAgain(run, operations[run.operationIndex], event)) {
        run.state = 'waiting';
        run.steps = run.steps.filter((step) => step.state !== 'planned');
        markRetried(run.steps, message('note.session-missed'));
        run.missedSessions += 1;
        run.sessionId = null;
      } else {
        endRun(run, run.cancelRequested ? 'aborted' : 'failed', now, event.error);
      }
      return;
    case 'aborted':
      endRun(run, 'aborted', now, event.error);
      return;
  }
}

/** For an operation that receives, those of one before it are past: which it was in is shown until then. */
function forgetSessions(run: Run, next: Operations[number] | undefined): void {
  if (next === undefined || !traitsOf(next).receives) return;
  run.sessionId = null;
  run.droppedFrom = null;
  run.missedSessions = 0;
}

/** Another worker does the next operation: the run waits for it, and nothing of this one's is under way any more. */
function handOver(run: Run, now: string): void {
  endSteps(run, now);
  if (run.cancelRequested) endRun(run, 'aborted', now, cancelledError('cancelled'));
  else run.state = 'waiting';
}

/** An operation that touched no disk, such as a shutdown, does not change what an earlier one left. */
function worseOutcome(before: DiskOutcome | null, after: DiskOutcome): DiskOutcome {
  return after === 'untouched' && before !== null ? before : after;
}
