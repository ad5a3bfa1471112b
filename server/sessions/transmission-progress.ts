/** One transmission has one percentage, one rate and one time left: its own, by bytes on the wire, for all hosts in it. */

import type { Progress } from '../../lib/model/step.ts';
import type { RunProgress, Session, Task } from '../../lib/model/task.ts';

/**
 * What the hosts report, and for those in a transmission what that has sent in place of the whole: also between two
 * steps, when a host reports nothing. Steps stay as each host does them.
 */
export function transmissionProgress(
  reported: readonly RunProgress[],
  sessions: readonly Session[],
  tasks: readonly Task[],
): RunProgress[] {
  const byId = new Map(
    sessions.filter(({ state }) => state !== 'failed').map((session) => [session.id, session]),
  );
  const progress = new Map(reported.map((each) => [each.runId, each]));
  for (const { id, hostId, state, sessionId, droppedFrom } of tasks.flatMap(({ runs }) => runs)) {
    const session = sessionId === null ? undefined : byId.get(sessionId);
    if (state !== 'running' || session === undefined || droppedFrom === session.id) continue;
    const own = progress.get(id) ?? { runId: id, hostId, stepId: null, step: null, total: null };
    progress.set(id, { ...own, total: progressOf(session, own.total) });
  }
  return [...progress.values()];
}

function progressOf(session: Session, own: Progress | null): Progress {
  const { state, sentBytes, totalBytes, bytesPerSecond = 0 } = session;
  const common = {
    doneBytes: sentBytes,
    totalBytes,
    fraction: totalBytes === 0 ? 0 : Math.min(1, sentBytes / totalBytes),
  };
  // All is sent, and the host writes what it still has.
  if (state === 'finished') {
    return {
      ...common,
      bytesPerSecond: own?.bytesPerSecond ?? 0,
      remainingMs: own?.remainingMs ?? null,
    };
  }
  const left = Math.max(0, totalBytes - sentBytes);
  return {
    ...common,
    bytesPerSecond,
    remainingMs: bytesPerSecond < 1 ? null : (left / bytesPerSecond) * 1000,
  };
}
