/** TokenBuckets: limits how often things of each kind may happen: a burst at once, and then one more now and then. */

export type BucketSize = {
  readonly burst: number;
  readonly refillMs: number;
};

/** At most MAX_KEYS kinds are known apart; the one that was asked for longest ago makes room, and is full again then. */
const MAX_KEYS = 4096;

export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #clock: () => number;
  /** What is left of each, and since when that is so; the one asked for last is the last. */
  readonly #left = new Map<string, { readonly count: number; readonly at: number }>();

  /** `clock`: milliseconds, never set back. */
  constructor(size: BucketSize, clock: () => number) {
    this.#size = size;
    this.#clock = clock;
  }

  /** Takes one of `key`, if there is one left. */
  take(key: string): boolean {
    const { burst, refillMs } = this.#size;
    const now = this.#clock();
    const { count, at } = this.#left.get(key) ?? { count: burst, at: now };
    const refilled = Math.floor((now - at) / refillMs);
    const left = Math.min(burst, count + refilled);
    this.#left.delete(key);
    const [oldest] = this.#left.keys();
    if (oldest !== undefined && this.#left.size >= MAX_KEYS) this.#left.delete(oldest);
    const since = left === burst ? now : at + refilled * refillMs;
    this.#left.set(key, { count: Math.max(0, left - 1), at: since });
    return left > 0;
  }
}
