/** The log for operators: the last things that happened, kept over restarts in DATA/events.jsonl, one JSON value a line. */

import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../lib/log.ts';
import { LogEntry, logAfter, MAX_LOG_ENTRIES, type LogEvent } from '../../lib/model/log-entry.ts';

/** The file is rewritten when it has this many lines. */
const MOST_LINES = 4 * MAX_LOG_ENTRIES;

export type EventLogOptions = {
  readonly dataDirectory: string;
  /** The server's own log: told when the file cannot be written. */
  readonly log: Log;
};

export class EventLog {
  readonly #path: string;
  readonly #log: Log;
  #entries: readonly LogEntry[] = [];
  #lines = 0;
  #writing: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<(news: readonly LogEntry[]) => void>();

  private constructor({ dataDirectory, log }: EventLogOptions) {
    this.#path = join(dataDirectory, 'events.jsonl');
    this.#log = log;
  }

  /** With what was kept; lines that make no sense (the server died while it wrote) are left out. */
  static async open(options: EventLogOptions): Promise<EventLog> {
    const events = new EventLog(options);
    const lines = (await readIfThere(events.#path)).split('\n');
    for (const line of lines) {
      const entry = parseLine(line);
      if (entry !== null) events.#entries = logAfter(events.#entries, [entry]);
    }
    // Rewritten with the first event: a half line at the end would spoil it.
    events.#lines = MOST_LINES;
    return events;
  }

  /** Oldest first. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** Never fails: what cannot be written is in memory all the same. */
  add(event: LogEvent): void {
    const last = this.#entries.at(-1);
    const isAgain = last !== undefined && JSON.stringify(last.event) === JSON.stringify(event);
    const entry: LogEntry = {
      number: isAgain ? last.number : (last?.number ?? 0) + 1,
      at: new Date().toISOString(),
      times: isAgain ? last.times + 1 : 1,
      event,
    };
    this.#entries = logAfter(this.#entries, [entry]);
    this.#writing = this.#writing
      .then(() => this.#write(entry))
      .catch((error: unknown) => {
        this.#lines = MOST_LINES;
        this.#log.error({ event: 'fault', error }, 'writing the log for operators');
      });
    for (const listener of this.#listeners) listener([entry]);
  }

  /** `listener` is called with what is added, until the returned function is called. */
  listen(listener: (news: readonly LogEntry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when all that was added is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(entry: LogEntry): Promise<void> {
    if (this.#lines < MOST_LINES) {
      this.#lines += 1;
      await appendFile(this.#path, lineOf(entry), { mode: 0o600 });
      return;
    }
    const entries = this.#entries;
    await writeFile(`${this.#path}.new`, entries.map(lineOf).join(''), { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
    this.#lines = entries.length;
  }
}

function lineOf(entry: LogEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function parseLine(line: string): LogEntry | null {
  try {
    const parsed = LogEntry.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
