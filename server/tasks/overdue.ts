/** Ends the runs that have waited too long for their hosts. */

import type { Log } from '../../lib/log.ts';
import type { ConnectedWorkers } from '../workers/connected-workers.ts';
import type { Store } from '../store/store.ts';
import type { Runs } from './runs.ts';
import {
  CLOCK_PATIENCE_MS,
  isClockBehind,
  isFromFuture,
  isOverdue,
  waitsAnew,
} from '../../lib/rules/waiting.ts';

/** How often it is looked whether work has waited too long. */
const LOOK_MS = 10_000;

export type OverdueOptions = {
  readonly runs: Runs;
  readonly store: Store;
  readonly connected: ConnectedWorkers;
  readonly log: Log;
  /** Done at every look, afterwards. */
  readonly look: () => void;
  /** Milliseconds on the clock that nobody sets. */
  readonly uptime: () => number;
};

export class Overdue {
  readonly #options: OverdueOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Since when, by the clock that nobody sets, the other one is behind what waits; null: it is not. */
  #behindSince: number | null = null;

  constructor(options: OverdueOptions) {
    this.#options = options;
  }

  /** Looks now, and from time to time until close(). */
  async start(): Promise<void> {
    await this.#tryEnd();
    this.#timer = setInterval(() => void this.#tryEnd(), LOOK_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Ends them now; the clock may have been set meanwhile. Throws what the store throws. */
  async end(): Promise<void> {
    const { runs, store, connected } = this.#options;
    const now = runs.now();
    const isClockWrong = this.#hasStayedBehind(now);
    if (isClockWrong) {
      await store.change(({ tasks }) => {
        for (const task of tasks) task.waits = waitsAnew(task, now) ?? task.waits;
      });
    }
    const overdue = runs.filter(
      (run, task) => isOverdue(task, run, now) || (isClockWrong && isFromFuture(run, now)),
    );
    await Promise.all(
      overdue.map(({ run: { id, hostId } }) => {
        const isWorkerConnected = connected.workerOn(hostId) !== undefined;
        return runs.apply(id, { type: 'time-passed', isWorkerConnected, isClockWrong });
      }),
    );
  }

  /** On a disk that is full it is tried again later: operators need the server to make room. */
  async #tryEnd(): Promise<void> {
    try {
      await this.end();
      this.#options.look();
    } catch (error) {
      this.#options.log.error({ event: 'fault', error }, 'ending what waited too long failed');
    }
  }

  /** Whether the clock has been behind what waits for so long that it was wrong before and is not now. */
  #hasStayedBehind(now: number): boolean {
    const { store, uptime } = this.#options;
    const elapsed = uptime();
    if (store.read().tasks.some((task) => isClockBehind(task, now))) {
      this.#behindSince ??= elapsed;
    } else {
      this.#behindSince = null;
    }
    return this.#behindSince !== null && elapsed - this.#behindSince >= CLOCK_PATIENCE_MS;
  }
}
