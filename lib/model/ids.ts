/** Branded identifiers: one kind per entity, so that a host's is never taken for a task's. */

import { z } from 'zod';

const id = (prefix: string): z.ZodString =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-z]{10}$`));

export const HostId = id('host').brand<'HostId'>();
export type HostId = z.infer<typeof HostId>;
export const GroupId = id('group').brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;
export const ImageId = id('image').brand<'ImageId'>();
export type ImageId = z.infer<typeof ImageId>;
export const VersionId = id('version').brand<'VersionId'>();
export type VersionId = z.infer<typeof VersionId>;
export const TaskId = id('task').brand<'TaskId'>();
export type TaskId = z.infer<typeof TaskId>;
export const RunId = id('run').brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;
export const SessionId = id('session').brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;
export const JobId = id('job').brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;
/** Of one start of a job. */
export const JobStartId = id('start').brand<'JobStartId'>();
export type JobStartId = z.infer<typeof JobStartId>;

/** The secret that opens the image data of one run, and nothing else: 256 random bits in hex. */
export const RunToken = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'RunToken'>();
export type RunToken = z.infer<typeof RunToken>;

/** What a boot of a host proves itself by to the server, which keeps its hash only: 256 random bits in hex. */
export const EngineSecret = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'EngineSecret'>();
export type EngineSecret = z.infer<typeof EngineSecret>;

/** Which start of the engine speaks: a rebooted host gets a new one. */
export const EngineInstanceId = id('engine').brand<'EngineInstanceId'>();
export type EngineInstanceId = z.infer<typeof EngineInstanceId>;
