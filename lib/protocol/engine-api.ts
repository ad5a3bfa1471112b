/** The five calls between a host's worker (engine or agent) and the server, and what the server pushes. */

import { z } from 'zod';
import { DiskIdentity } from '../model/disk-identity.ts';
import { ErrorReport } from '../model/error-report.ts';
import { HalfWritten, HostApproval } from '../model/host.ts';
import { EngineInstanceId, EngineSecret, HostId, RunId, SessionId } from '../model/ids.ts';
import { CapturedDisk } from '../model/image.ts';
import { MAX_STEPS } from '../model/limits.ts';
import { MAX_MESSAGES, Message } from '../model/message.ts';
import { MessageOrText } from '../model/messages/message-or-text.ts';
import { verbatim } from '../model/messages/table.ts';
import { MachineText } from '../model/machine-text.ts';
import { Count } from '../model/count.ts';
import { Hostname, MacAddress, Timestamp } from '../model/names.ts';
import { AssignedOperation, AssignedToEngine } from '../model/operation.ts';
import { ShutdownMode } from '../model/operations/shutdown.ts';
import { PlannedStep, Progress, StepId } from '../model/step.ts';
import { SystemInfo } from '../model/system-info.ts';
import { DiskOutcome } from '../model/task.ts';
import { HostWorkerKind } from '../model/worker.ts';

const StepEnded = z
  .object({
    type: z.literal('step-ended'),
    stepId: StepId,
    state: z.enum(['completed', 'warned', 'skipped', 'failed', 'aborted']),
    doneBytes: Count,
    /** Absent: an engine of protocol 3 or before, which sends `note`. */
    notes: z.array(Message).max(MAX_MESSAGES).optional(),
    note: MachineText.nullable().optional(),
    error: ErrorReport.nullable(),
  })
  .transform(({ note = null, notes = note === null ? [] : [verbatim(note)], ...event }) => ({
    ...event,
    notes,
  }));

/** What an engine reports of a run, in order. Every event but progress is kept until it is acknowledged. */
export const RunEvent = z.discriminatedUnion('type', [
  /** The plan, before the first step begins. `disk` says which one it will work on. */
  z.object({
    type: z.literal('plan'),
    /** Engines of protocol 3 and before send titles as text. */
    steps: z.array(PlannedStep.extend({ title: MessageOrText })).max(MAX_STEPS),
    disk: MachineText,
    /** Of that disk; absent when there is none, and from engines of version 0.2. */
    diskIdentity: DiskIdentity.optional(),
    /** How the host is left at the end of it, which ends the worker; null: it goes on. Absent: protocol 3 or before. */
    leave: ShutdownMode.nullable().optional(),
  }),
  z.object({ type: z.literal('step-started'), stepId: StepId }),
  StepEnded,
  /** The receiver of this session runs: transmission may begin as far as this host is concerned. */
  z.object({ type: z.literal('session-ready'), sessionId: SessionId }),
  /**
   * All streams are with the server, and the description of the image too (`PUT /runs/RUN/description`): it must verify
   * and sync the image before it acknowledges. Engines of version 0.2 say the description here.
   */
  z.object({ type: z.literal('captured'), image: CapturedDisk.optional() }),
  /** The operation is over. A failed one ends the run; else the next one may be fetched. */
  z.object({
    type: z.literal('operation-ended'),
    operationIndex: z.number().int(),
    outcome: z.enum(['completed', 'warned', 'failed', 'aborted']),
    diskOutcome: DiskOutcome,
    error: ErrorReport.nullable(),
  }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** The live state of a run: only the newest one counts, none is stored. */
export const ProgressReport = z.object({
  stepId: StepId.nullable(),
  step: Progress.nullable(),
  total: Progress,
});
export type ProgressReport = z.infer<typeof ProgressReport>;

/** Lines of one report, and the longest one: what a run says at most reaches the server in pieces. */
export const MAX_LOG_LINES_AT_ONCE = 200;
export const MAX_LOG_LINE_LENGTH = 1000;

/** A line of a run's log. Numbered from 1 per start of the engine, so that what is sent twice is kept once. */
export const RunLogLine = z.object({
  number: z.number().int().positive(),
  at: Timestamp,
  level: z.enum(['info', 'warn', 'error']),
  /** One line; what a terminal would act on is taken out again on arrival. */
  text: z
    .string()
    .max(MAX_LOG_LINE_LENGTH)
    .transform((text) => text.replace(/\p{C}/gu, ' ')),
});
export type RunLogLine = z.infer<typeof RunLogLine>;

/** What the server holds of the engine's host: the host's own screen shows it. */
export const HostStanding = z.object({
  hostName: Hostname,
  /** A pending host gets no work until an operator has taken it in. */
  approval: HostApproval,
  /** The disk that must not be booted from, and what failed when it was being written. */
  halfWritten: HalfWritten.pick({ disk: true, since: true })
    .extend({ error: ErrorReport.nullable() })
    .nullable(),
});
export type HostStanding = z.infer<typeof HostStanding>;

/** Which kind of worker calls; protocols before 4 knew engines only. */
const worker = HostWorkerKind.default('engine');

export const ENGINE_METHODS = {
  /** First call of an engine: makes its host known by MAC address, or finds it. */
  register: {
    params: z.object({
      protocolVersion: z.number().int(),
      programVersion: z.string().max(40),
      worker,
      macAddresses: z.array(MacAddress).min(1).max(64),
      systemInfo: SystemInfo,
    }),
    result: z.object({ hostId: HostId, standing: HostStanding }),
  },
  /** Begins or takes up a connection. `activeRunId` is a run this very engine still works on. */
  logon: {
    params: z.object({
      protocolVersion: z.number().int(),
      hostId: HostId,
      worker,
      macAddresses: z.array(MacAddress).min(1).max(64),
      instanceId: EngineInstanceId,
      /** The same as long as the host is not booted again; absent: an engine of version 0.2. */
      secret: EngineSecret.optional(),
      systemInfo: SystemInfo,
      activeRunId: RunId.nullable(),
    }),
    /** `continueRun` false: the server gave the run up; the engine stops it and clears up. */
    result: z.object({
      continueRun: z.boolean(),
      heartbeatMs: z.number().int().positive(),
      standing: HostStanding,
      /** The server's clock: a host whose own was never set takes it over. */
      serverTime: Timestamp,
    }),
  },
  nextOperation: { params: z.object({}), result: AssignedOperation },
  /** Events are numbered from 1 per run, so that what is sent twice counts once. */
  statusUpdate: {
    params: z.object({
      runId: RunId,
      firstSequence: z.number().int().positive(),
      events: z.array(RunEvent).max(1000),
      progress: ProgressReport.nullable(),
      /** Best effort: the log explains a run, nothing depends on it. */
      log: z.array(RunLogLine).max(MAX_LOG_LINES_AT_ONCE).default([]),
    }),
    result: z.object({ acknowledgedSequence: z.number().int().nonnegative() }),
  },
  logoff: { params: z.object({ reason: z.string().max(200) }), result: z.object({}) },
} as const;
export type EngineMethods = typeof ENGINE_METHODS;

/** As an engine calls them: work of other workers is nothing that it knows. */
export const CALLS_OF_ENGINE = {
  ...ENGINE_METHODS,
  nextOperation: { ...ENGINE_METHODS.nextOperation, result: AssignedToEngine },
} as const;

/** Server to engine. */
export const ENGINE_NOTIFICATIONS = {
  workAvailable: z.object({}),
  /** Something of it is no longer as logon said. */
  hostChanged: HostStanding,
  /** `aborted`: an operator's wish. `failed`: the server knows that the run cannot succeed, and `reason` says why. */
  cancel: z.object({
    runId: RunId,
    outcome: z.enum(['aborted', 'failed']),
    reason: z.string().max(400),
  }),
} as const;
export type EngineNotifications = typeof ENGINE_NOTIFICATIONS;
