/** Slows down the guessing of passwords: by name and by address, more with every wrong one. */

import { OperatorError } from '../../lib/errors.ts';

/** The first FREE_TRIES wrong ones are a person's mistakes. */
const FREE_TRIES = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** After FORGET_MS without a try, all is forgotten. */
const FORGET_MS = 3_600_000;
/** Names are made up at will: the oldest ones go. */
const MOST_KEYS = 10_000;

type Tries = { readonly wrong: number; readonly lastAt: number };

export class LoginThrottle {
  readonly #clock: () => number;
  /** In the order of their last try. */
  readonly #tries = new Map<string, Tries>();

  /** `clock` returns milliseconds that never go back. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /**
   * Takes note of a try for all of `keys`. It counts as a wrong one until `succeeded` is called: tries that come at
   * the same time do not pass each other. Throws `unauthorized` when it comes too early; that does not count.
   */
  begin(keys: readonly string[]): void {
    const now = this.#clock();
    const waitMs = Math.max(...keys.map((key) => this.#waitMs(key, now)));
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      throw new OperatorError({
        code: 'unauthorized',
        message: `logging in: too many wrong passwords, the next one is looked at in ${seconds} s`,
        hint: 'Wait, then try again. On the server itself, `openclone operator password` sets a new one.',
      });
    }
    for (const key of keys) {
      const wrong = this.#known(key, now).wrong + 1;
      this.#tries.delete(key);
      this.#tries.set(key, { wrong, lastAt: now });
    }
    const [oldest] = this.#tries.keys();
    if (oldest !== undefined && this.#tries.size > MOST_KEYS) this.#tries.delete(oldest);
  }

  /**
   * The try was right: nothing is held against the first of the keys, the name, any more. The others get back what this
   * try cost: who has an account must not be able to guess those of others for longer.
   */
  succeeded([name, ...others]: readonly string[]): void {
    if (name !== undefined) this.#tries.delete(name);
    for (const key of others) {
      const tries = this.#tries.get(key);
      if (tries !== undefined) this.#tries.set(key, { ...tries, wrong: tries.wrong - 1 });
    }
  }

  #waitMs(key: string, now: number): number {
    const { wrong, lastAt } = this.#known(key, now);
    if (wrong < FREE_TRIES) return 0;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (wrong - FREE_TRIES), LONGEST_PAUSE_MS);
    return lastAt + pauseMs - now;
  }

  #known(key: string, now: number): Tries {
    const tries = this.#tries.get(key);
    return tries === undefined || now - tries.lastAt > FORGET_MS
      ? { wrong: 0, lastAt: now }
      : tries;
  }
}
