/** What a run says for its log on the server: bounded in length, number and rate, without secrets. */

import {
  MAX_LOG_LINE_LENGTH,
  MAX_LOG_LINES_AT_ONCE,
  type RunLogLine,
} from '../lib/protocol/engine-api.ts';

/** At most MAX_WAITING lines wait for the server; while it is away the oldest are dropped first. */
const MAX_WAITING = 1000;
/** BURST lines at once, and then LINES_PER_SECOND: a tool that repeats itself does not fill the server's disk. */
const BURST = 300;
const LINES_PER_SECOND = 10;

/** The numbers go on from run to run, for as long as the engine runs. */
export type LineCounter = { next: number };

export class RunLog {
  readonly #secrets: readonly string[];
  readonly #counter: LineCounter;
  readonly #now: () => number;
  #waiting: RunLogLine[] = [];
  #leftOut = 0;
  #allowance = BURST;
  #filledAt: number;

  /** `secrets` are never kept. `now` is a clock in milliseconds since 1970. */
  constructor(options: {
    readonly secrets: readonly string[];
    readonly counter: LineCounter;
    readonly now?: () => number;
  }) {
    this.#secrets = options.secrets.filter((secret) => secret !== '');
    this.#counter = options.counter;
    this.#now = options.now ?? Date.now;
    this.#filledAt = this.#now();
  }

  /** Adds a text, each of its lines as one. */
  add(level: RunLogLine['level'], text: string): void {
    for (const line of this.#withoutSecrets(text).split(/[\r\n]+/)) {
      const shown = line.replace(/\p{C}/gu, ' ').trimEnd();
      if (shown.trim() !== '') this.#addLine(level, shown);
    }
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** The oldest lines that wait: they stay until `drop`. */
  next(): RunLogLine[] {
    return this.#waiting.slice(0, MAX_LOG_LINES_AT_ONCE);
  }

  /** The lines up to this number are with the server. */
  drop(lastNumber: number): void {
    this.#waiting = this.#waiting.filter(({ number }) => number > lastNumber);
  }

  #addLine(level: RunLogLine['level'], text: string): void {
    const now = this.#now();
    // The clock may be set while the run is under way: the allowance never shrinks by that.
    const elapsedMs = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#allowance = Math.min(BURST, this.#allowance + (elapsedMs / 1000) * LINES_PER_SECOND);
    // What went wrong is worth more than the limit, which it cannot pass by much: steps are few.
    if (this.#allowance < 1 && level !== 'error') {
      this.#leftOut += 1;
      return;
    }
    this.#allowance -= 1;
    if (this.#leftOut > 0) {
      this.#push('warn', `${this.#leftOut} lines were left out here: too many at once`);
      this.#leftOut = 0;
    }
    this.#push(level, text);
  }

  #push(level: RunLogLine['level'], text: string): void {
    const number = this.#counter.next;
    this.#counter.next += 1;
    const at = new Date(this.#now()).toISOString();
    this.#waiting.push({ number, at, level, text: text.slice(0, MAX_LOG_LINE_LENGTH) });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  #withoutSecrets(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
  }
}
