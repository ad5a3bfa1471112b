/** LoopWatch: how late the event loop may be: what it reads now may have been written any time since its last turn. */

const TICK_MS = 500;

export class LoopWatch {
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;
  /** The last tick and the one before it: after a halt the timers run first, and only then is read what came during it. */
  #ticks: readonly [number, number];

  /** `clock`: milliseconds, never set back. */
  constructor(clock = (): number => performance.now()) {
    this.#clock = clock;
    this.#ticks = [clock(), clock()];
  }

  start(): void {
    this.tick();
    this.tick();
    this.#timer ??= setInterval(() => this.tick(), TICK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  tick(): void {
    this.#ticks = [this.#ticks[1], this.#clock()];
  }

  /** When that which is being read was said at the earliest. */
  get earliest(): number {
    return this.#ticks[0];
  }
}
