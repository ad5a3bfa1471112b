/** "Something changed", passed on to each listener no more often than it wants. */

type Listener = {
  readonly intervalMs: number;
  readonly act: () => Promise<void>;
  timer: NodeJS.Timeout | undefined;
  /** On the clock that nobody sets. */
  lastAt: number;
};

export class ChangeSignal {
  readonly #listeners = new Set<Listener>();
  readonly #onFault: (error: unknown) => void;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Something changed: each listener is called at once, or when its interval since the last time is over. */
  emit(): void {
    for (const listener of this.#listeners) {
      if (listener.timer !== undefined) continue;
      const wait = Math.max(0, listener.lastAt + listener.intervalMs - performance.now());
      listener.timer = setTimeout(() => this.#tell(listener), wait);
    }
  }

  /** Calls `act` after changes, at most every `intervalMs`. Returns how to stop it. */
  listen(intervalMs: number, act: () => Promise<void>): () => void {
    const listener: Listener = { intervalMs, act, timer: undefined, lastAt: -Infinity };
    this.#listeners.add(listener);
    return () => {
      clearTimeout(listener.timer);
      this.#listeners.delete(listener);
    };
  }

  /** No listener is called any more. */
  close(): void {
    for (const { timer } of this.#listeners) clearTimeout(timer);
    this.#listeners.clear();
  }

  #tell(listener: Listener): void {
    listener.timer = undefined;
    listener.lastAt = performance.now();
    // One that throws before it answers ends no more than itself.
    Promise.resolve()
      .then(() => listener.act())
      .catch(this.#onFault);
  }
}
