/** Which hosts of a task may still join a transmission of one of its operations. */

import type { Run } from '../../lib/model/task.ts';
import { isInsideOperation } from './run-events.ts';

/**
 * Whether the run has yet to ask for operation `index` of its task, and will wait for others there: it waits for its
 * host, or works on an earlier operation, or is between two. Who missed a session gets the image another way.
 */
export function mayStillJoin(run: Run, index: number): boolean {
  if (run.missedSessions > 0 || run.cancelRequested) return false;
  if (run.state === 'waiting') return run.operationIndex <= index;
  if (run.state !== 'running' || run.sessionId !== null) return false;
  return run.operationIndex < index || (run.operationIndex === index && !isInsideOperation(run));
}
