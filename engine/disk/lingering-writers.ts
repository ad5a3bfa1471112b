/** Writers that were killed in the middle of a disk, and which the kernel has not let go yet. */

import { settleWithin } from '../settle-within.ts';

/** A disk that takes longer than that is broken: the check that nothing uses it then names who does. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Killed writers write nothing more, but end only when the kernel has written what they gave it: on a disk that stalls,
 * after minutes. The report of a failure does not wait for that; the next work on the same disk does.
 */
export class LingeringWriters {
  readonly #endings = new Map<string, Set<Promise<unknown>>>();

  /** `ended` settles when a writer of the disk is gone, with all that it had open. */
  add(diskAddress: string, ended: Promise<unknown>): void {
    const endings = this.#endings.get(diskAddress) ?? new Set();
    this.#endings.set(diskAddress, endings);
    endings.add(ended);
    const forget = (): boolean => endings.delete(ended);
    ended.then(forget, forget);
  }

  /** Resolves when no such writer of the disk is left, or after `patienceMs`. */
  async waitUntilExited(diskAddress: string, patienceMs = PATIENCE_MS): Promise<void> {
    await settleWithin(patienceMs, Promise.allSettled([...(this.#endings.get(diskAddress) ?? [])]));
  }
}
