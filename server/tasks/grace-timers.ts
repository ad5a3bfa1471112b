/** How long runs wait for engines that are gone. */

import type { RunId } from '../../lib/model/ids.ts';

export class GraceTimers {
  readonly #timers = new Map<RunId, NodeJS.Timeout>();
  readonly #graceMs: number;
  readonly #onOver: (runId: RunId, reason: string) => void;
  #isClosed = false;

  /** `onOver` is told of a run that has waited for `graceMs` milliseconds. */
  constructor(graceMs: number, onOver: (runId: RunId, reason: string) => void) {
    this.#graceMs = graceMs;
    this.#onOver = onOver;
  }

  isWaiting(runId: RunId): boolean {
    return this.#timers.has(runId);
  }

  /** From now on; `reason` says why the engine is gone. */
  start(runId: RunId, reason: string): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timers.get(runId));
    const timer = setTimeout(() => {
      this.#timers.delete(runId);
      this.#onOver(runId, reason);
    }, this.#graceMs);
    this.#timers.set(runId, timer);
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
}
