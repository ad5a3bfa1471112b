/** Rarely: limits how often things are reported that strangers can cause as often as they like. */

export type Pace = {
  /** How long the same thing does not get through again. */
  readonly sameMs: number;
  /** How many different things get through at once … */
  readonly burst: number;
  /** … and then one more per `refillMs`. */
  readonly refillMs: number;
};

/** At most MAX_KEYS things are known apart; while all of them are fresh nothing new gets through. */
const MAX_KEYS = 4096;

export class Rarely {
  readonly #pace: Pace;
  readonly #clock: () => number;
  /** When each thing was let through last, the oldest first. */
  readonly #last = new Map<string, number>();
  #left: number;
  #countedAt: number;

  /** `clock`: milliseconds, never set back. */
  constructor(pace: Pace, clock = (): number => performance.now()) {
    this.#pace = pace;
    this.#clock = clock;
    this.#left = pace.burst;
    this.#countedAt = clock();
  }

  /** Whether `key` gets through now; if so it has. */
  mayPass(key: string): boolean {
    const { sameMs, burst, refillMs } = this.#pace;
    const now = this.#clock();
    for (const [old, at] of this.#last) {
      if (now - at < sameMs) break;
      this.#last.delete(old);
    }
    if (this.#last.has(key) || this.#last.size >= MAX_KEYS) return false;
    const refilled = Math.floor((now - this.#countedAt) / refillMs);
    this.#countedAt += refilled * refillMs;
    this.#left = Math.min(burst, this.#left + refilled);
    if (this.#left === 0) return false;
    this.#left -= 1;
    this.#last.set(key, now);
    return true;
  }
}
