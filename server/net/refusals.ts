/** What is refused leaves a line in the log, and never a flood of them: one a second of each address and kind. */

import type { Log } from '../../lib/log.ts';

const PAUSE_MS = 1000;
/** The last report is remembered of at most MAX_SOURCES addresses; all others share a line. */
const MAX_SOURCES = 1000;
const MAX_TEXT_LENGTH = 200;
const OTHERS = 'other addresses';

type Source = {
  readonly event: string;
  readonly address: string;
  suppressed: number;
  readonly timer: NodeJS.Timeout;
};

export class Refusals {
  readonly #log: Log;
  readonly #sources = new Map<string, Source>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** `event` is the word of the kind in the log; texts in `details` are cut. */
  note(event: string, address: string, details: Readonly<Record<string, unknown>>): void {
    const known = this.#sources.get(`${event} ${address}`);
    const from = known === undefined && this.#sources.size >= MAX_SOURCES ? OTHERS : address;
    const key = `${event} ${from}`;
    const source = this.#sources.get(key);
    if (source !== undefined) {
      source.suppressed += 1;
      return;
    }
    this.#log.warn({ event, address, ...shortened(details) }, 'refused');
    const timer = setTimeout(() => this.#end(key), PAUSE_MS);
    timer.unref();
    this.#sources.set(key, { event, address: from, suppressed: 0, timer });
  }

  /** Tells of what has not been told. */
  close(): void {
    for (const key of [...this.#sources.keys()]) this.#end(key);
  }

  #end(key: string): void {
    const source = this.#sources.get(key);
    if (source === undefined) return;
    clearTimeout(source.timer);
    this.#sources.delete(key);
    const { event, address, suppressed } = source;
    if (suppressed === 0) return;
    this.#log.warn({ event, address, suppressed }, 'refused: as often again within a second');
  }
}

function shortened(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(details).map(([key, value]) => [key, short(value)] as const);
  return Object.fromEntries(entries);
}

function short(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH)}…` : value;
  }
  return value instanceof Error ? short(value.message) : value;
}
