/** Whether a host that a transmission did not reach gets its image another time. */

import type { ErrorReport } from '../model/error-report.ts';
import { traitsOf, type Operation } from '../model/operation.ts';
import type { DiskOutcome, Run } from '../model/task.ts';
import { isDropped } from './session-membership.ts';

/** How often a host may miss a session, or be dropped from one, and try again before its run fails. */
const MAX_MISSED_SESSIONS = 3;

/**
 * The transmission did not reach the host, which has lost nothing by it; or the sender dropped it, and a disk that was
 * being written then has to be written again anyway. `operation` is the one that has failed: one that receives nothing
 * has failed for something else, whatever it says.
 */
export function mayTryAgain(
  run: Run,
  operation: Pick<Operation, 'type'> | undefined,
  end: { readonly diskOutcome: DiskOutcome; readonly error: ErrorReport | null },
): boolean {
  if (operation === undefined || !traitsOf(operation).receives) return false;
  const code = end.error?.code;
  const isForSession = code === 'session-missed' || code === 'session-failed';
  return (
    // The receiver may notice before the engine is told.
    (isDropped(run)
      ? isForSession || code === 'stream-broken'
      : isForSession && end.diskOutcome === 'untouched') &&
    !run.cancelRequested &&
    run.missedSessions + 1 < MAX_MISSED_SESSIONS
  );
}
