/** A plan is a list of steps, made before the first one begins; each step ends in one of five ways. */

import { z } from 'zod';
import { ErrorReport } from './error-report.ts';
import { MAX_MESSAGES, Message } from './message.ts';
import { Count } from './count.ts';
import { Timestamp } from './names.ts';
import { WorkerKind } from './worker.ts';

export const StepId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

export const PlannedStep = z.object({
  /** Unique in the plan: "check-target", "write-p1". */
  id: StepId,
  title: Message,
  /** Bytes that will pass, when they are known beforehand: the weight of the step in the total. */
  totalBytes: Count.nullable(),
  /** Whether it can change what is on the host's disk: once it has begun, the disk is no longer untouched. */
  writes: z.boolean(),
});
export type PlannedStep = z.infer<typeof PlannedStep>;

export const StepState = z.enum([
  'planned',
  'running',
  'completed',
  'warned',
  'skipped',
  'failed',
  'aborted',
]);
export type StepState = z.infer<typeof StepState>;

export const Progress = z.object({
  doneBytes: Count,
  totalBytes: Count.nullable(),
  /** 0 to 1; measured by the tool where bytes in total are not known. */
  fraction: z.number().min(0).max(1),
  bytesPerSecond: z.number().nonnegative().max(1e15),
  /** Estimate of the time left, null while there is none. */
  remainingMs: z.number().nonnegative().max(1e15).nullable(),
});
export type Progress = z.infer<typeof Progress>;

/** A step of a run as operators see it. */
export const Step = PlannedStep.extend({
  /** Who does it; absent: the engine, as nearly all. */
  by: WorkerKind.optional(),
  state: StepState,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** Bytes that passed in the end. */
  doneBytes: Count,
  /** Why it was warned or skipped, or what was found. */
  notes: z.array(Message).max(MAX_MESSAGES),
  error: ErrorReport.nullable(),
});
export type Step = z.infer<typeof Step>;

export function workerOfStep({ by = 'engine' }: Pick<Step, 'by'>): WorkerKind {
  return by;
}
