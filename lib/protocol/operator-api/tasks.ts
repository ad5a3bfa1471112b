/** Operators' calls about tasks, their runs and their sessions. */

import { z } from 'zod';
import { DiskSelector } from '../../model/disk-selector.ts';
import { HostId, RunId, SessionId, TaskId } from '../../model/ids.ts';
import { Compression } from '../../model/image.ts';
import { MAX_HOSTS, MAX_TASKS } from '../../model/limits.ts';
import { Name, Reference } from '../../model/names.ts';
import { WantedOperation } from '../../model/operation.ts';
import { TransportChoice } from '../../model/operations/deploy.ts';
import { ShutdownMode } from '../../model/operations/shutdown.ts';
import { HostNames } from '../../model/status.ts';
import { RunProgress, Task, WaitMs } from '../../model/task.ts';
import { changes, polls, reads, type OperatorMethod } from './method.ts';
import { HostReference, Nothing, Targets } from './references.ts';

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
  /** Of all tasks: `waitMs` is how long they wait for their hosts; absent: as the settings say. */
  'task.capture': changes(
    ['tasks'],
    z.object({
      host: HostReference,
      disk: DiskSelector,
      imageName: Name,
      compression: Compression,
      afterwards: ShutdownMode.nullable(),
      /** Whether hosts that are off are woken. */
      wake: z.boolean().optional(),
      waitMs: WaitMs.optional(),
    }),
    Task,
  ),
  'task.deploy': changes(
    ['tasks'],
    z.object({
      image: Reference,
      targets: Targets,
      disk: DiskSelector,
      transport: TransportChoice,
      gatherMs: z.number().int().nonnegative().max(86_400_000),
      afterwards: ShutdownMode.nullable(),
      wake: z.boolean().optional(),
      waitMs: WaitMs.optional(),
    }),
    Task,
  ),
  /** Writes the image's partition table to the hosts' disks; everything on them is lost. */
  'task.partition': changes(
    ['tasks'],
    z.object({
      image: Reference,
      targets: Targets,
      disk: DiskSelector,
      afterwards: ShutdownMode.nullable(),
      wake: z.boolean().optional(),
      waitMs: WaitMs.optional(),
    }),
    Task,
  ),
  /** Any kinds of work in this order, on one disk of each host; which orders make sense the capabilities say. */
  'task.create': changes(
    ['tasks'],
    z.object({
      targets: Targets,
      disk: DiskSelector,
      operations: z.array(WantedOperation).min(1).max(10),
      /** Whether hosts that are off are woken. */
      wake: z.boolean().optional(),
      waitMs: WaitMs.optional(),
    }),
    Task,
  ),
  'task.shutdown': changes(
    ['tasks'],
    z.object({ targets: Targets, mode: ShutdownMode, waitMs: WaitMs.optional() }),
    Task,
  ),
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
