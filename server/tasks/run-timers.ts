/** How long runs wait for what has to come: a worker that is gone, or a host that was told to restart. */

import type { RunId } from '../../lib/model/ids.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';
import type { ArrivalTimes } from './arrival-times.ts';

export type RunTimersOptions = {
  /** How long a run stays "running" after its worker's connection was lost. */
  readonly graceMs: number;
  readonly arrivalMs: ArrivalTimes;
  /** `reason` says why the worker was gone. */
  readonly onLost: (runId: RunId, reason: string) => void;
  readonly onNotArrived: (runId: RunId) => void;
};

/** By the clock that nobody sets: that of the day may jump. At most one of each run. */
export class RunTimers {
  readonly #timers = new Map<RunId, NodeJS.Timeout>();
  readonly #options: RunTimersOptions;
  #isClosed = false;

  constructor(options: RunTimersOptions) {
    this.#options = options;
  }

  isWaiting(runId: RunId): boolean {
    return this.#timers.has(runId);
  }

  /** From now on; `reason` says why the worker is gone. */
  awaitWorker(runId: RunId, reason: string): void {
    const { graceMs, onLost } = this.#options;
    this.#start(runId, graceMs, () => onLost(runId, reason));
  }

  /** From now on, for the host to come up where `worker` is. */
  awaitArrival(runId: RunId, worker: HostWorkerKind): void {
    const { arrivalMs, onNotArrived } = this.#options;
    this.#start(runId, arrivalMs[worker], () => onNotArrived(runId));
  }

  stop(runId: RunId): void {
    clearTimeout(this.#timers.get(runId));
    this.#timers.delete(runId);
  }

  /** None ends any more. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #start(runId: RunId, ms: number, onOver: () => void): void {
    if (this.#isClosed) return;
    this.stop(runId);
    const timer = setTimeout(() => {
      this.#timers.delete(runId);
      onOver();
    }, ms);
    this.#timers.set(runId, timer);
  }
}
