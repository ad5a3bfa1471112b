/** Operators' calls about jobs and their starts. */

import { z } from 'zod';
import { TaskId } from '../../model/ids.ts';
import { JobDefinition, JobStarts, JobView, JobViews, ParameterValues } from '../../model/job.ts';
import { MAX_STARTS_OF_JOB } from '../../model/limits.ts';
import { Name, Reference } from '../../model/names.ts';
import { Task } from '../../model/task.ts';
import { changes, polls, reads, type OperatorMethod } from './method.ts';
import { Nothing } from './references.ts';

export const JOB_METHODS = {
  'job.list': polls(Nothing, JobViews),
  'job.show': polls(z.object({ job: Reference }), JobView),
  'job.create': changes(['jobs'], z.object({ definition: JobDefinition }), JobView),
  /** Makes a job that does again what the task did: with the newest versions of its images. */
  'job.keep': changes(['jobs'], z.object({ task: TaskId, name: Name }), JobView),
  /** `revision`: the one that was read; absent: whatever it is by now. */
  'job.edit': changes(
    ['jobs'],
    z.object({
      job: Reference,
      revision: z.number().int().positive().optional(),
      definition: JobDefinition,
    }),
    JobView,
  ),
  /** Its tasks stay. */
  'job.delete': changes(['jobs'], z.object({ job: Reference }), Nothing),
  'job.start': changes(
    ['jobs', 'tasks'],
    z.object({ job: Reference, values: ParameterValues }),
    Task,
  ),
  /** Newest first. */
  'job.history': reads(
    z.object({ job: Reference, limit: z.number().int().min(1).max(MAX_STARTS_OF_JOB) }),
    JobStarts,
  ),
} as const satisfies Record<string, OperatorMethod>;
