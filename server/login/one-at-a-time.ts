/** Work that is done one after the other, with few waiting. */

import { OperatorError } from '../../lib/errors.ts';

const MOST_WAITING = 16;

export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Does `work` when what was asked for before is done. Throws `not-allowed` when too much waits. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MOST_WAITING) {
      throw new OperatorError({
        code: 'not-allowed',
        message: 'checking a password: too many wait for that',
        hint: 'Try again in a few seconds.',
      });
    }
    this.#waiting += 1;
    const before = this.#last;
    const own = before.then(work, work).finally(() => (this.#waiting -= 1));
    this.#last = own.catch(() => undefined);
    return own;
  }
}
