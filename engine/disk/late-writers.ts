/** Writers that were killed in the middle of a disk, and which the kernel has not let go yet. */

import { setTimeout } from 'node:timers/promises';

/** A disk that takes longer than that is broken: the check that nothing uses it then names who does. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Killed writers write nothing more, but end only when the kernel has written what they gave it: on a disk that stalls,
 * after minutes. The report of a failure does not wait for that; the next work on the same disk does.
 */
export class LateWriters {
  readonly #endings = new Map<string, Set<Promise<unknown>>>();

  /** `ended` settles when a writer of the disk is gone, with all that it had open. */
  add(diskAddress: string, ended: Promise<unknown>): void {
    const endings = this.#endings.get(diskAddress) ?? new Set();
    this.#endings.set(diskAddress, endings);
    const ending = ended.then(
      () => undefined,
      () => undefined,
    );
    endings.add(ending);
    void ending.then(() => endings.delete(ending));
  }

  /** Resolves when no such writer of the disk is left, or after `patienceMs`. */
  async untilGone(diskAddress: string, patienceMs = PATIENCE_MS): Promise<void> {
    const timer = new AbortController();
    const patience = setTimeout(patienceMs, undefined, { ref: false, signal: timer.signal });
    const all = Promise.all([...(this.#endings.get(diskAddress) ?? [])]);
    try {
      await Promise.race([all, patience]);
    } finally {
      timer.abort();
      patience.catch(() => undefined);
    }
  }
}
