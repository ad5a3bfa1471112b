/** Which hosts of a task may still join a transmission of one of its operations. */

import type { Run } from '../model/task.ts';
import { isInsideOperation } from './run-resumption.ts';

/**
 * Whether the run has yet to ask for operation `index` of its task, and will wait for others there: it waits for its
 * host, or works on an earlier operation, or is between two, or was dropped from the session before.
 */
function mayStillJoin(run: Run, index: number): boolean {
  if (fallsBackToUnicast(run) || run.cancelRequested) return false;
  if (run.state === 'waiting') return run.operationIndex <= index;
  if (run.state !== 'running' || run.operationIndex > index) return false;
  // It may be receiving for that one still.
  if (run.operationIndex < index) return true;
  return run.sessionId !== null ? isDropped(run) : !isInsideOperation(run, 'engine');
}

/**
 * Whether a host may still come to those of `present`, the runs that gather for operation `index`. Who was dropped
 * from a session waits for others that were, not for hosts that have been missing since before.
 */
export function mayJoin(run: Run, index: number, present: readonly Run[]): boolean {
  const isAfterDrop = present.some(({ missedSessions }) => missedSessions > 0);
  return mayStillJoin(run, index) && (!isAfterDrop || run.droppedFrom !== null);
}

/**
 * Whether the run gets its image by unicast: a session did not reach it. A host that was dropped from one gets one more
 * multicast attempt: hosts that are dropped together, as when their switch fails, share it.
 */
export function fallsBackToUnicast({ missedSessions, droppedFrom }: Run): boolean {
  return missedSessions > (droppedFrom === null ? 0 : 1);
}

/** Whether the sender of the run's session has given its host up; the end of it is under way. */
export function isDropped({ droppedFrom, sessionId }: Run): boolean {
  return droppedFrom !== null && droppedFrom === sessionId;
}
