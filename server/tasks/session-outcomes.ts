/** What the end of a session, or of a host's part in it, means for the runs that receive by it. */

import type { OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { RunId, SessionId } from '../../lib/model/ids.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import type { Session } from '../../lib/model/task.ts';
import type { SessionListener } from '../sessions/multicast-sessions.ts';
import type { Store } from '../store/store.ts';
import type { Runs } from './runs.ts';

/** What an engine needs to report a failure of its own. */
const OWN_WORD_MS = 2000;

const DROPPED =
  'it was dropped from the session, because it did not answer in time (slow disk, lost packets, busy processor)';

export type SessionOutcomesOptions = {
  readonly runs: Runs;
  readonly store: Store;
  readonly log: Log;
  /** What operators are to know of. */
  readonly tell: (event: LogEvent) => void;
};

export class SessionOutcomes implements SessionListener {
  readonly #options: SessionOutcomesOptions;

  constructor(options: SessionOutcomesOptions) {
    this.#options = options;
  }

  /** A host that the sender has dropped would wait for data that never comes. */
  onDropped(runId: RunId, sessionId: SessionId): void {
    void this.#drop(runId, sessionId, DROPPED);
  }

  /**
   * Somebody who is no member took part in a session, which has ended for that. Its members come together once more,
   * elsewhere; after a second time each gets the image by unicast.
   */
  onStranger({ id, taskId, members }: Session, address: string | null): void {
    const { store, log, tell } = this.#options;
    const task = store.read().tasks.find((candidate) => candidate.id === taskId);
    if (task === undefined) return;
    const runs = task.runs.filter((run) => members.some(({ runId }) => runId === run.id));
    const isForced = runs.some(({ operationIndex }) => {
      const operation = task.operations[operationIndex];
      return (
        operation !== undefined && 'transport' in operation && operation.transport === 'multicast'
      );
    });
    const isLast = runs.length === 1 || runs.some(({ missedSessions }) => missedSessions > 0);
    const next = isLast && !isForced ? 'unicast' : 'transmission';
    log.warn(
      { event: 'stranger', session: id, address, next },
      'a stranger took part in a session',
    );
    tell({ type: 'stranger-in-session', task: task.title, address, next });
    const reason = `somebody who is no member took part in the transmission (${address ?? 'address unknown'}): it is sent again`;
    for (const { runId } of members) void this.#drop(runId, id, reason);
  }

  /**
   * Members that still wait for data from a session that failed are told, instead of running into a time-out. Not at
   * once: where the failure is their own, they are about to say what it was.
   */
  onEnded({ id, members }: Session, error: OperatorError | null): void {
    if (error === null) return;
    const { runs } = this.#options;
    const reason = error.message;
    setTimeout(() => {
      for (const { runId } of members)
        void runs.tell(runId, { type: 'session-failed', sessionId: id, reason });
    }, OWN_WORD_MS).unref();
  }

  async #drop(runId: RunId, sessionId: SessionId, reason: string): Promise<void> {
    const { runs, log } = this.#options;
    try {
      await runs.apply(runId, { type: 'dropped', sessionId, reason });
    } catch (error) {
      log.error({ event: 'fault', run: runId, error }, 'storing that a host was dropped failed');
      // It is told all the same: data will not come.
      await runs.tell(runId, { type: 'dropped', sessionId, reason });
    }
  }
}
