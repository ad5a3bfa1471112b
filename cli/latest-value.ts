/** LatestValue: keeps only the latest value that arrived: a slow reader misses outdated ones, and nothing piles up. */

export class LatestValue<T> {
  #value: { readonly taken: T } | undefined;
  #closed = false;
  #wake: (() => void) | undefined;

  put(value: T): void {
    this.#value = { taken: value };
    this.#wake?.();
  }

  /** Nothing more comes; what is there can still be taken. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Waits for the next value; undefined after the end. For one taker at a time. */
  async take(): Promise<T | undefined> {
    while (this.#value === undefined && !this.#closed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const value = this.#value;
    this.#value = undefined;
    return value?.taken;
  }
}
