/** Something that may be there to do: one waits for it, any number say that it is. */

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
