/** Jobs: task requests that are kept, with parameters and schedules, and their starts (docs/design/jobs.md). */

import { z } from 'zod';
import { ErrorReport } from './error-report.ts';
import { JobId, JobStartId, TaskId } from './ids.ts';
import { MAX_JOB_PARTS, MAX_JOBS, MAX_STARTS_OF_JOB } from './limits.ts';
import { MachineText } from './machine-text.ts';
import { Name, Timestamp } from './names.ts';
import { RunState } from './task.ts';

/** The version of a job file, and of what the calls about jobs take. */
export const JOB_FORMAT_VERSION = 1;

/** What a value of a parameter or a schedule is called by. */
export const PartName = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/);

const LongText = z.string().max(2000);

/** targets: names of hosts and groups. image: by name or id, its newest version. choice: one of the named texts. */
export const ParameterType = z.enum(['text', 'number', 'boolean', 'choice', 'targets', 'image']);
export type ParameterType = z.infer<typeof ParameterType>;

export const ParameterValue = z.union([
  z.string().max(1024),
  z.number().min(-1e15).max(1e15),
  z.boolean(),
  z.array(z.string().min(1).max(253)).max(10_000),
]);
export type ParameterValue = z.infer<typeof ParameterValue>;

/** What a definition, or the values of one start, take in JSON: the store holds many of them. */
const MAX_DEFINITION_LENGTH = 128 * 1024;
const MAX_VALUES_LENGTH = 16 * 1024;

/** Parameters' values by name. */
export const ParameterValues = z
  .record(PartName, ParameterValue)
  .refine((values) => JSON.stringify(values).length <= MAX_VALUES_LENGTH, 'the values are too long')
  .refine((values) => Object.keys(values).length <= MAX_JOB_PARTS, 'too many values')
  .meta({ maxEntries: MAX_JOB_PARTS });
export type ParameterValues = z.infer<typeof ParameterValues>;

/** What is asked for when the job is started; without a default a value must be given. */
export const JobParameter = z.strictObject({
  name: PartName,
  type: ParameterType,
  help: LongText.default(''),
  choices: z.array(z.string().min(1).max(64)).max(MAX_JOB_PARTS).optional(),
  default: ParameterValue.optional(),
});
export type JobParameter = z.infer<typeof JobParameter>;

/** Stands for a whole field of the request. */
export const ParameterReference = z.strictObject({ parameter: PartName });
export type ParameterReference = z.infer<typeof ParameterReference>;

/** Any JSON value: the task request of a job, in which a parameter may stand in the place of a field. */
export type Template =
  null | string | number | boolean | readonly Template[] | { readonly [key: string]: Template };

const Scalar = z.union([
  z.null(),
  z.boolean(),
  z.number().min(-1e15).max(1e15),
  z.string().max(1024),
]);
/** Deeper than a task request is. */
const TEMPLATE_DEPTH = 5;
const MAX_TEMPLATE_KEYS = 64;

const AnyTemplate = Array.from({ length: TEMPLATE_DEPTH }).reduce<z.ZodType<Template>>(
  (inner) =>
    z.union([
      Scalar,
      z.array(inner).max(10_000),
      z
        .record(z.string().max(64), inner)
        .refine((fields) => Object.keys(fields).length <= MAX_TEMPLATE_KEYS, 'too many fields')
        .meta({ maxEntries: MAX_TEMPLATE_KEYS }),
    ]),
  Scalar,
);

/** The fields of a TaskRequest. Whether it makes one is checked by lib/jobs/task-request-of.ts. */
export const RequestTemplate = z
  .record(z.string().max(64), AnyTemplate)
  .refine((fields) => Object.keys(fields).length <= MAX_TEMPLATE_KEYS, 'too many fields')
  .meta({ maxEntries: MAX_TEMPLATE_KEYS });
export type RequestTemplate = z.infer<typeof RequestTemplate>;

/** An IANA name, "Europe/Berlin". */
const TimeZone = z.string().min(1).max(64);

/** cron: five fields (crontab(5)). once: a local time. */
export const ScheduleTimes = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('cron'),
    expression: z.string().min(1).max(256),
    timeZone: TimeZone,
  }),
  z.strictObject({
    type: z.literal('once'),
    at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
    timeZone: TimeZone,
  }),
]);
export type ScheduleTimes = z.infer<typeof ScheduleTimes>;

/** What becomes of a start whose time passed while the server was down. */
export const MissedStarts = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('skip') }),
  z.strictObject({ type: z.literal('run'), withinMinutes: z.number().int().min(1).max(1440) }),
]);

export const ScheduleDefinition = z.strictObject({
  name: PartName,
  when: ScheduleTimes,
  values: ParameterValues.default({}),
  isOn: z.boolean().default(true),
  missed: MissedStarts.default({ type: 'skip' }),
});
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>;

export const Schedule = ScheduleDefinition.extend({
  /** The latest of its times that was dealt with, or when it was made or switched on: nothing up to it is started. */
  mark: Timestamp,
});
export type Schedule = z.infer<typeof Schedule>;

/** The fields of a definition; how long all of it may be is asked where one comes in. */
const Definition = z.strictObject({
  name: Name,
  description: LongText.default(''),
  parameters: z.array(JobParameter).max(MAX_JOB_PARTS).default([]),
  request: RequestTemplate,
  schedules: z.array(ScheduleDefinition).max(MAX_JOB_PARTS).default([]),
  /** Whether it is started although a task of an earlier start has not ended. */
  mayOverlap: z.boolean().default(false),
});

/** A job as people write it. */
export const JobDefinition = Definition.refine(
  (definition) => JSON.stringify(definition).length <= MAX_DEFINITION_LENGTH,
  'the job is too long',
);
export type JobDefinition = z.infer<typeof JobDefinition>;

export const Job = Definition.extend({
  id: JobId,
  /** Counted up by each change of its definition. */
  revision: z.number().int().positive(),
  createdAt: Timestamp,
  createdBy: MachineText,
  schedules: z.array(Schedule).max(MAX_JOB_PARTS),
});
export type Job = z.infer<typeof Job>;

/** Who or what started it. */
export const Starter = z.discriminatedUnion('type', [
  z.object({ type: z.literal('operator'), name: MachineText }),
  z.object({ type: z.literal('schedule'), name: PartName }),
]);
export type Starter = z.infer<typeof Starter>;

export const StartResult = z.discriminatedUnion('type', [
  /** `outcome`: what the task came to; null as long as it has not ended, or when it was gone before anybody looked. */
  z.object({ type: z.literal('task'), taskId: TaskId, outcome: RunState.nullable() }),
  z.object({ type: z.literal('refused'), error: ErrorReport }),
  /** A task of an earlier start had not ended. */
  z.object({
    type: z.literal('still-running'),
    taskId: TaskId,
    /** How many tries in a row. */
    times: z.number().int().positive().default(1),
  }),
  /** Its times passed while the server was down. */
  z.object({ type: z.literal('missed'), times: z.number().int().positive() }),
]);
export type StartResult = z.infer<typeof StartResult>;

/** One start of a job, made or tried. */
export const JobStart = z.object({
  id: JobStartId,
  jobId: JobId,
  at: Timestamp,
  by: Starter,
  values: ParameterValues,
  result: StartResult,
});
export type JobStart = z.infer<typeof JobStart>;

/** A time at which a schedule starts its job. */
export const PlannedStart = z.object({ schedule: PartName, at: Timestamp });
export type PlannedStart = z.infer<typeof PlannedStart>;

/** A job as operators see it: with its last start, and the next ones, soonest first; in a list only the next one. */
export const JobView = z.object({
  job: Job,
  lastStart: JobStart.nullable(),
  nextStarts: z.array(PlannedStart).max(10),
});
export type JobView = z.infer<typeof JobView>;

export const JobViews = z.array(JobView).max(MAX_JOBS);
/** Of one job. */
export const JobStarts = z.array(JobStart).max(MAX_STARTS_OF_JOB);
