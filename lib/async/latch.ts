/** Latch: a flag that any number set and one waits for. */

export class Latch {
  #isSet: boolean;
  #wake: (() => void) | null = null;

  constructor(isSet: boolean) {
    this.#isSet = isSet;
  }

  set(): void {
    this.#isSet = true;
    this.#wake?.();
  }

  /** Resolves when it is set, at once if it is already, and resets it. For one waiter at a time. */
  async wait(): Promise<void> {
    while (!this.#isSet) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isSet = false;
  }
}
