/** What the arrival of a host's worker means for the runs of the host. */

import type { EngineInstanceId, RunId } from '../../lib/model/ids.ts';
import { workerAt } from '../../lib/model/operation.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';
import { isInsideOperation, isOwnedBy } from '../../lib/rules/run-resumption.ts';

/**
 * `goes-on`: the worker has it and is still at it. `assigned-again`: it is between two operations, or the assignment
 * was lost on its way; the worker gets it when it asks. `restarts`: another start of a worker had it; the operation is
 * done again. `is-lost`: nobody goes on with it. `unconcerned`: it waits, has ended, or is with the server.
 */
export type Fate = 'goes-on' | 'assigned-again' | 'restarts' | 'is-lost' | 'unconcerned';

/**
 * `activeRunId` is the run that the worker says it works on; `isResumable` as in run-resumption.ts. That another kind of
 * worker comes than the one that has the run says that the host has left the system of that one.
 */
export function fateOnArrival(
  { task, run }: { readonly task: Pick<Task, 'operations'>; readonly run: Run },
  worker: {
    readonly kind: HostWorkerKind;
    readonly instanceId: EngineInstanceId;
    readonly activeRunId: RunId | null;
  },
  isResumable: boolean,
): Fate {
  const by = workerAt(task.operations, run.operationIndex);
  if (by === 'server' || (run.state !== 'running' && run.state !== 'interrupted'))
    return 'unconcerned';
  if (run.id === worker.activeRunId) {
    const isStillIts = isOwnedBy(run, worker.instanceId) && !run.cancelRequested;
    return isStillIts ? 'goes-on' : 'unconcerned';
  }
  const isBetween = run.state === 'running' && !isInsideOperation(run, worker.kind);
  if (by === worker.kind && isBetween) return 'assigned-again';
  if (isResumable && run.workerInstanceId !== worker.instanceId) return 'restarts';
  return 'is-lost';
}
