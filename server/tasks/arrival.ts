/** What an engine's arrival means for the runs of its host. */

import type { EngineInstanceId, RunId } from '../../lib/model/ids.ts';
import type { Run } from '../../lib/model/task.ts';
import { isInsideOperation } from './run-events.ts';
import { isOwnedBy } from '../../lib/rules/run-resumption.ts';

/**
 * `goes-on`: the engine has it and is still at it. `assigned-again`: it is between two operations, or the assignment
 * was lost on its way; the engine gets it when it asks. `restarts`: another start of the engine had it; the operation
 * is done again. `is-lost`: nobody goes on with it. `unconcerned`: it waits, or has ended.
 */
export type Fate = 'goes-on' | 'assigned-again' | 'restarts' | 'is-lost' | 'unconcerned';

/** `activeRunId` is the run that the engine says it works on; `isResumable` as in run-resumption.ts. */
export function fateOnArrival(
  run: Run,
  engine: { readonly instanceId: EngineInstanceId; readonly activeRunId: RunId | null },
  isResumable: boolean,
): Fate {
  if (run.state !== 'running' && run.state !== 'interrupted') return 'unconcerned';
  if (run.id === engine.activeRunId) {
    const isStillIts = isOwnedBy(run, engine.instanceId) && !run.cancelRequested;
    return isStillIts ? 'goes-on' : 'unconcerned';
  }
  if (run.state === 'running' && !isInsideOperation(run)) return 'assigned-again';
  if (isResumable && run.engineInstanceId !== engine.instanceId) return 'restarts';
  return 'is-lost';
}
