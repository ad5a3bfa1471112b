/** Tasks (stored requests), their runs (one attempt on one host each) and the multicast sessions they use. */

import { z } from 'zod';
import { DiskIdentity } from './disk-identity.ts';
import { ErrorReport } from './error-report.ts';
import {
  EngineInstanceId,
  HostId,
  ImageId,
  JobId,
  RunId,
  SessionId,
  TaskId,
  VersionId,
} from './ids.ts';
import { MAX_HOSTS, MAX_OPERATIONS, MAX_STEPS } from './limits.ts';
import { Message } from './message.ts';
import { MachineText } from './machine-text.ts';
import { Count } from './count.ts';
import { Sha256, Timestamp } from './names.ts';
import { ExpectedDisk } from './operations/assignment.ts';
import { Operation } from './operation.ts';
import { Progress, Step } from './step.ts';
import { HostWorkerKind } from './worker.ts';

/**
 * waiting: for its host, or for the worker of its next operation. running: a worker has the work. interrupted: the engine or the server went away in the
 * middle; the engine may still come back and finish, or begin again, else this is the end. The others are final.
 */
export const RunState = z.enum([
  'waiting',
  'running',
  'interrupted',
  'completed',
  'warned',
  'failed',
  'aborted',
]);
export type RunState = z.infer<typeof RunState>;

/** Whether a run in this state will never change again by itself. */
export function isEnded(state: RunState): boolean {
  return state !== 'waiting' && state !== 'running';
}

/** Whether the run did what was asked. */
export function isSuccess(state: RunState): boolean {
  return state === 'completed' || state === 'warned';
}

/** What is left on the target disk after a run that wrote to it. */
export const DiskOutcome = z.enum([
  /** Nothing was written. */
  'untouched',
  /** The image is on it, verified and synced. */
  'complete',
  /** Half written and made unbootable. */
  'cleared',
  /** Half written; making it unbootable failed too, or the engine is gone: do not trust it. */
  'unknown',
]);
export type DiskOutcome = z.infer<typeof DiskOutcome>;

/** A host on its way from one of its systems to the other. */
export const Move = z.object({
  /** Who is expected there. */
  to: HostWorkerKind,
  /** When the host was told first. */
  since: Timestamp,
  /** How many starts of a worker were told: more than one when the host came up in the system that it was to leave. */
  orders: z.number().int().positive(),
  /** The start of a worker that was told last. */
  toldTo: EngineInstanceId,
});
export type Move = z.infer<typeof Move>;

export const Run = z.object({
  id: RunId,
  taskId: TaskId,
  hostId: HostId,
  state: RunState,
  /** Which operation of the task comes next or is being done. */
  operationIndex: z.number().int().nonnegative(),
  /** The disk that the operator chose, as it was when the task was made; absent when it was not known. */
  expectedDisk: ExpectedDisk.optional(),
  /** The disk it worked on: address, model, serial. */
  disk: MachineText.nullable(),
  /** Of that disk; absent when there is none, or an engine of version 0.2 names one that the host has not told of. */
  diskIdentity: DiskIdentity.optional(),
  diskOutcome: DiskOutcome.nullable(),
  sessionId: SessionId.nullable(),
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  steps: z.array(Step).max(MAX_STEPS),
  error: ErrorReport.nullable(),
  /** Number of the last event of the engine that is in this record. */
  eventSequence: z.number().int().nonnegative(),
  /** How many transmissions were tried that did not bring this host its image: it was not reached, or dropped. */
  missedSessions: z.number().int().nonnegative(),
  /** The last session whose sender dropped this host, because it did not answer. */
  droppedFrom: SessionId.nullable().default(null),
  /** Which start of a worker has it, or had it last; null: none yet. */
  workerInstanceId: EngineInstanceId.nullable().default(null),
  /** SHA-256 of the secret of the boot of the host that has it; null: its worker gave none. */
  workerProof: Sha256.nullable().default(null),
  /** How often an operation was restarted, because the engine restarted before its end. */
  restarts: z.number().int().nonnegative().default(0),
  /** The host was told to restart, so that the worker of its next operation comes up; absent: it was not. */
  move: Move.optional(),
  /** Set when an operator cancelled; the engine may take up to 2 s to follow. */
  cancelRequested: z.boolean(),
});
export type Run = z.infer<typeof Run>;

/** How long work may wait for its hosts: a minute to a year. */
export const WaitMs = z
  .number()
  .int()
  .min(60_000)
  .max(366 * 86_400_000);

/** From when on the task waits for its hosts, and when that is over: runs that have not begun until then never do. */
export const Waits = z.object({ since: Timestamp, until: Timestamp });
export type Waits = z.infer<typeof Waits>;

export const Task = z.object({
  id: TaskId,
  title: Message,
  createdAt: Timestamp,
  /** The operator's user name as the operating system knows it. */
  createdBy: MachineText,
  operations: z.array(Operation).min(1).max(MAX_OPERATIONS),
  /** Whether hosts that are off are woken by magic packets. */
  wake: z.boolean(),
  waits: Waits,
  /** The job that it was made by. */
  job: z.object({ id: JobId, name: MachineText }).optional(),
  runs: z.array(Run).max(MAX_HOSTS),
  /** Who has seen that it failed, and put it away: it is red to nobody any more. */
  putAway: z.object({ by: MachineText, at: Timestamp }).optional(),
});
export type Task = z.infer<typeof Task>;

/** The state of a task as a list shows it, from the states of its runs. */
export function taskState(task: Pick<Task, 'runs'>): RunState {
  const states = task.runs.map((run) => run.state);
  const order: RunState[] = ['running', 'waiting', 'interrupted', 'failed', 'aborted', 'warned'];
  return order.find((state) => states.includes(state)) ?? 'completed';
}

export const SessionState = z.enum(['gathering', 'sending', 'finished', 'failed']);
export type SessionState = z.infer<typeof SessionState>;

/** One multicast transmission. Live only: what lasts of it is in the runs. */
export const Session = z.object({
  id: SessionId,
  taskId: TaskId,
  imageId: ImageId,
  versionId: VersionId,
  state: SessionState,
  interfaceName: MachineText,
  portBase: z.number().int(),
  dataAddress: z.string().max(64),
  /** Hosts that have been given this session, and which of them are ready to receive. */
  members: z.array(z.object({ hostId: HostId, runId: RunId, ready: z.boolean() })).max(MAX_HOSTS),
  /** How many hosts the task still expects here. */
  expected: z.number().int().nonnegative(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  totalBytes: Count,
  sentBytes: Count,
  /** Share of packets sent again, 0 to 1. */
  resentShare: z.number().min(0).max(1),
  /** While it sends; absent otherwise, and from a server of version 0.2. */
  bytesPerSecond: z.number().nonnegative().max(1e15).optional(),
  /** When it begins with those that are there, if not all come before; absent until the first one is ready, and afterwards. */
  startsAt: Timestamp.optional(),
  /** Whom all wait for, because it does not answer; absent when everybody does. */
  silent: z
    .object({
      runIds: z.array(RunId).min(1).max(MAX_HOSTS),
      /** An estimate of when the sender drops them; counted down by the server. */
      dropsInMs: z.number().int().nonnegative().max(86_400_000),
    })
    .optional(),
  error: ErrorReport.nullable(),
});
export type Session = z.infer<typeof Session>;

/** The part of a run's progress that changes every second: never stored. */
export const RunProgress = z.object({
  runId: RunId,
  hostId: HostId,
  stepId: z.string().max(64).nullable(),
  step: Progress.nullable(),
  total: Progress,
});
export type RunProgress = z.infer<typeof RunProgress>;
