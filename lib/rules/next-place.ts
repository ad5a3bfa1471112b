/** Where each host has to be next: the one answer that boot files, wake-ups and orders to restart follow. */

import { traitsOf, workerAt } from '../model/operation.ts';
import type { HostId, RunId } from '../model/ids.ts';
import type { Run, Task } from '../model/task.ts';
import { placeOf, type HostWorkerKind, type StartPlace } from '../model/worker.ts';
import { resumableRuns } from './run-resumption.ts';
import { isOverdue } from './waiting.ts';

/** `isServing` is false when the server stops: nothing that was cut off is restarted then. */
export type PlaceState = { readonly isServing: boolean; readonly now: number };

/** Of each host the place that its first unfinished run needs; a host that is not there stays where it is. */
export function nextPlaces(
  tasks: readonly Task[],
  { isServing, now }: PlaceState,
): ReadonlyMap<HostId, StartPlace> {
  const places = new Map<HostId, StartPlace>();
  const again = isServing ? resumableRuns(tasks, now) : new Set<RunId>();
  for (const task of tasks) {
    for (const run of task.runs) {
      if (places.has(run.hostId)) continue;
      const isWanted = again.has(run.id) || isUnfinished(run, task, now);
      const worker = isWanted ? nextHostWorker(run, task) : null;
      if (worker !== null) places.set(run.hostId, placeOf(worker));
    }
  }
  return places;
}

/** Whether the server itself does the run's next operation. */
export function isByServer(run: Run, { operations }: Pick<Task, 'operations'>): boolean {
  return workerAt(operations, run.operationIndex) === 'server';
}

/** Whether the run waits for a worker on its host: one that waits for the server's own work first needs no host yet. */
export function waitsForHost(run: Run, task: Pick<Task, 'operations'>): boolean {
  return run.state === 'waiting' && !isByServer(run, task);
}

function isUnfinished(run: Run, task: Task, now: number): boolean {
  return run.state === 'running' || (run.state === 'waiting' && !isOverdue(task, run, now));
}

/** Who on its host does the next of the run's operations that is not the server's own; null: nobody has to be there. */
function nextHostWorker(
  { state, operationIndex }: Run,
  { operations }: Pick<Task, 'operations'>,
): HostWorkerKind | null {
  for (const [index, operation] of operations.entries()) {
    const { worker, endsWorker } = traitsOf(operation);
    if (index < operationIndex || worker === 'server') continue;
    // At its end it wants no other start of the worker: after a deploy, the reboot leads to the disk.
    const isLeaving = endsWorker && state === 'running' && index === operationIndex;
    if (!isLeaving) return worker;
  }
  return null;
}
