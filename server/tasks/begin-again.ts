/** Whether a host that lost its power in the middle of its work is given that work again. */

import { isCutOff, type Run, type Task } from '../../lib/model/task.ts';

/** A machine that falls over at the same place each time must come to rest. */
const MAX_RESTARTS = 2;

/**
 * Whether the operation that the engine of `run`, a run of `task`, went away from is to be done again at `now`
 * (milliseconds since 1970). Not one that an operator has cancelled, or has given the host other work after; not one
 * of long ago: the room may be in use again.
 */
export function mayBeginAgain(
  { task, run }: { readonly task: Task; readonly run: Run },
  tasks: readonly Task[],
  now: number,
): boolean {
  if (run.state !== 'running' && !isCutOff(run, now)) return false;
  if (run.cancelRequested || run.restarts >= MAX_RESTARTS) return false;
  // A host that was to be switched off, or started anew, has been.
  if (task.operations[run.operationIndex]?.type === 'shutdown') return false;
  const later = tasks.slice(tasks.findIndex(({ id }) => id === task.id) + 1);
  return !later.some(({ runs }) => runs.some(({ hostId }) => hostId === run.hostId));
}
