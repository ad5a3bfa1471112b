/** Operators' calls about tasks, their runs and their sessions. */

import { z } from 'zod';
import { HostId, RunId, SessionId, TaskId } from '../../model/ids.ts';
import { MAX_HOSTS, MAX_TASKS } from '../../model/limits.ts';
import { HostNames } from '../../model/status.ts';
import { RunProgress, Task } from '../../model/task.ts';
import { TaskRequest } from '../../model/task-request.ts';
import { changes, polls, reads, type OperatorMethod } from './method.ts';
import { HostReference, Nothing } from './references.ts';

export const TASK_METHODS = {
  'task.list': polls(
    z.object({ limit: z.number().int().min(1).max(10_000) }),
    z.array(Task).max(MAX_TASKS),
  ),
  'task.show': polls(
    z.object({ task: TaskId }),
    z.object({
      task: Task,
      hostNames: HostNames,
      progress: z.array(RunProgress).max(MAX_HOSTS),
    }),
  ),
  /** Cancels the runs that have not ended, or the one of `host`. */
  'task.cancel': changes(
    ['tasks'],
    z.object({ task: TaskId, host: HostReference.nullable() }),
    z.object({ cancelled: z.array(RunId).max(MAX_HOSTS) }),
  ),
  /** What failed has been seen: no operator is shown it in red any more. */
  'task.putAway': changes(['tasks'], z.object({ task: TaskId }), Task),
  /** The only way to make a task. */
  'task.create': changes(['tasks'], TaskRequest, Task),
  /** Does not wait for hosts that have not joined; they form a session of their own afterwards. */
  'session.start': changes([], z.object({ session: SessionId }), Nothing),
} as const satisfies Record<string, OperatorMethod>;

export const LOG_METHODS = {
  /** What the engines said of the task's runs, or of the one of `host`: the end of each log when it is long. */
  'run.log': reads(
    z.object({ task: TaskId, host: HostReference.nullable() }),
    z
      .array(
        z.object({
          runId: RunId,
          hostId: HostId,
          hostName: z.string().max(253),
          lines: z.array(z.string().max(4096)).max(2_000_000),
          /** Whether the beginning is left out. */
          isCut: z.boolean(),
        }),
      )
      .max(MAX_HOSTS),
  ),
} as const satisfies Record<string, OperatorMethod>;
