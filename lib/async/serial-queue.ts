/** Work that is done one after the other, in the order in which it was asked for. */

export type QueueLimit = {
  /** How much may be asked for and not done. */
  readonly maxWaiting: number;
  /** What is thrown for more. */
  readonly refusal: () => Error;
};

export class SerialQueue {
  readonly #limit: QueueLimit | null;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Without `limit` any amount may wait. */
  constructor(limit: QueueLimit | null = null) {
    this.#limit = limit;
  }

  /** Resolves with what `work` gives, once all that was asked for before is done, whatever came of that. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#limit !== null && this.#waiting >= this.#limit.maxWaiting)
      throw this.#limit.refusal();
    this.#waiting += 1;
    const own = this.#last.then(work, work).finally(() => (this.#waiting -= 1));
    this.#last = own.catch(() => undefined);
    return own;
  }
}
