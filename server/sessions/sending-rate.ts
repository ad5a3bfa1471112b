/** How fast a session sends: an average over the last seconds, so that it neither jumps nor lags. */

import type { Bytes } from '../../lib/units.ts';

const WINDOW_MS = 5000;

export class SendingRate {
  /** Oldest first: one from before the window, then those in it. */
  #samples: { readonly at: number; readonly sentBytes: Bytes }[] = [];

  /** `now` is in milliseconds, on a clock that nobody sets. */
  note(sentBytes: Bytes, now: number): void {
    this.#forgetBefore(now - WINDOW_MS);
    this.#samples.push({ at: now, sentBytes });
  }

  /** Bytes a second. */
  at(now: number): number {
    this.#forgetBefore(now - WINDOW_MS);
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || now <= first.at) return 0;
    return ((last.sentBytes - first.sentBytes) * 1000) / (now - first.at);
  }

  #forgetBefore(time: number): void {
    const kept = this.#samples.findLastIndex(({ at }) => at <= time);
    if (kept > 0) this.#samples = this.#samples.slice(kept);
  }
}
