/** Runs a plan: step after step, each ending in one of five ways, the first failure ending the operation. */

import { OperatorError, toReport } from '../lib/errors.ts';
import { render } from '../lib/messages/render.ts';
import type { DiskIdentity } from '../lib/model/disk-identity.ts';
import { MAX_MESSAGES, type Message } from '../lib/model/message.ts';
import type { ShutdownMode } from '../lib/model/operations/shutdown.ts';
import type { PlannedStep } from '../lib/model/step.ts';
import type { DiskOutcome } from '../lib/model/task.ts';
import type { RunEvent } from '../lib/protocol/engine-api.ts';
import type { Bytes } from '../lib/units.ts';
import { abortError, raceAbort, RunStopped } from './abort.ts';
import { settleWithin } from './settle-within.ts';
import type { ProgressMeter } from './progress.ts';

/** How a step ended when it did not fail; undefined is plain completion. */
export type StepEnd =
  | { readonly state: 'completed' | 'warned' | 'skipped'; readonly notes: readonly Message[] }
  | undefined;

export type StepContext = {
  /** Aborted when the run is to stop; long work must heed it at once. */
  readonly signal: AbortSignal;
  /** `doneBytes` are done; `totalBytes` or `fraction` only if they are now better known than planned. */
  readonly progress: (doneBytes: Bytes, totalBytes?: Bytes | null, fraction?: number) => void;
};

export type StepWork = PlannedStep & {
  readonly work: (context: StepContext) => Promise<StepEnd>;
};

/** A step of a plan. `writes` is said by every one: whether it may change what is on a disk. */
export function step(
  id: string,
  title: PlannedStep['title'],
  work: (context: StepContext) => Promise<StepEnd> | Promise<void>,
  { writes, totalBytes = null }: { readonly writes: boolean; readonly totalBytes?: Bytes | null },
): StepWork {
  return {
    id,
    title,
    totalBytes,
    writes,
    work: async (context) => {
      const end = await work(context);
      return typeof end === 'object' ? end : undefined;
    },
  };
}

/** An operation made ready: what it will do, and how to leave it. */
export type PlannedOperation = {
  /** The disk it works on, for people; empty when none. */
  readonly disk: string;
  /** Of that disk; absent when there is none. */
  readonly diskIdentity?: DiskIdentity;
  readonly steps: readonly StepWork[];
  /** How the host is left when all steps are completed, which ends the engine; null: the engine goes on. */
  readonly leave: ShutdownMode | null;
  /** After a failure or a stop: makes the disk unbootable if it is half written, and says what is on it. */
  readonly cleanUp: () => Promise<DiskOutcome>;
  /** In every case, last: gives back what was held. */
  readonly release: () => Promise<void>;
  /** What is on the disk when all steps ended well. */
  readonly outcome: DiskOutcome;
};

/** Where events of the run go. `emitDurably` waits until the server has it safe. */
export type EventSink = {
  readonly emitDurably: (event: RunEvent) => Promise<void>;
  readonly emit: (event: RunEvent) => void;
  /** A failure that changes nothing about how the run ends, for the log. */
  readonly fault: (what: string, error: unknown) => void;
};

export type OperationEnd = Extract<RunEvent, { type: 'operation-ended' }>;

/** Runs the steps of a planned operation and returns how it ended; the caller reports that. Never rejects. */
export async function runSteps(
  planned: PlannedOperation,
  operationIndex: number,
  meter: ProgressMeter,
  events: EventSink,
  signal: AbortSignal,
): Promise<OperationEnd> {
  const end = (
    outcome: OperationEnd['outcome'],
    diskOutcome: DiskOutcome,
    error: unknown,
  ): OperationEnd => ({
    type: 'operation-ended',
    operationIndex,
    outcome,
    diskOutcome,
    error: error === null ? null : toReport(error),
  });
  try {
    meter.plan(planned.steps);
    const steps = planned.steps.map(({ id, title, totalBytes, writes }) => ({
      id,
      title,
      totalBytes,
      writes,
    }));
    // The plan is with the server before the first step begins.
    await raceAbort(
      signal,
      'sending the plan',
      events.emitDurably({
        type: 'plan',
        steps,
        disk: planned.disk,
        leave: planned.leave,
        ...(planned.diskIdentity === undefined ? {} : { diskIdentity: planned.diskIdentity }),
      }),
    );
    let warned = false;
    for (const step of planned.steps) {
      warned = (await runStep(step, meter, events, signal)) || warned;
    }
    return end(warned ? 'warned' : 'completed', planned.outcome, null);
  } catch (error) {
    const diskOutcome = await planned.cleanUp().catch((fault: unknown): DiskOutcome => {
      events.fault('making the disk unbootable', fault);
      return 'unknown';
    });
    return end(isAbort(signal) ? 'aborted' : 'failed', diskOutcome, error);
  } finally {
    await planned.release().catch((error: unknown) => events.fault('giving back the disk', error));
  }
}

/** Returns whether the step ended with a warning; throws what made it fail, after that was reported. */
async function runStep(
  step: StepWork,
  meter: ProgressMeter,
  events: EventSink,
  signal: AbortSignal,
): Promise<boolean> {
  const { id } = step;
  const title = render('en', step.title);
  meter.begin(id);
  events.emit({ type: 'step-started', stepId: id });
  const context: StepContext = {
    signal,
    progress: (doneBytes, totalBytes = null, fraction) =>
      meter.update(doneBytes, totalBytes, fraction ?? null),
  };
  const ended = (
    state: Extract<RunEvent, { type: 'step-ended' }>['state'],
    notes: readonly Message[],
    error: unknown,
  ): RunEvent => ({
    type: 'step-ended',
    stepId: id,
    state,
    doneBytes: Math.round(meter.doneBytesOf(id)),
    notes: notes.slice(0, MAX_MESSAGES),
    error: error === null ? null : toReport(error),
  });
  try {
    const result = await workUnlessStopped(step, context);
    meter.end(id);
    events.emit(ended(result?.state ?? 'completed', result?.notes ?? [], null));
    return result?.state === 'warned';
  } catch (cause) {
    const error = withContext(title, cause);
    // The error is said before anything is cleaned up.
    events.emit(ended(isAbort(signal) ? 'aborted' : 'failed', [], error));
    throw error;
  }
}

/** What a stopped step may take to end before clean-up goes on without it. */
const SETTLE_MS = 1000;

/** Does the step's work. Stopped, it waits a moment for it, so that clean-up finds nothing still under way. */
async function workUnlessStopped(step: StepWork, context: StepContext): Promise<StepEnd> {
  const { signal } = context;
  const title = render('en', step.title);
  const isStopped = (): boolean => signal.aborted;
  if (isStopped()) throw abortError(signal, title);
  const working = step.work(context);
  try {
    return await raceAbort(signal, title, working);
  } catch (error) {
    if (isStopped()) await settleWithin(SETTLE_MS, working);
    throw error;
  }
}

function isAbort(signal: AbortSignal): boolean {
  const reason: unknown = signal.reason;
  return signal.aborted && (!(reason instanceof RunStopped) || reason.outcome === 'aborted');
}

/** An error that does not say itself which step it hit gets the step's title as its message. */
function withContext(title: string, cause: unknown): unknown {
  if (!(cause instanceof OperatorError) || cause.code !== 'tool-failed') return cause;
  return new OperatorError({ code: cause.code, message: title, hint: cause.hint, cause });
}
