/** One of our programs as the lab runs it: in a namespace, its log in a file, its events awaited. */

import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startService, type Service, type ServiceEnd } from '../../lib/exec/service.ts';

/** A line of a program's log; lines that are none are kept in the file only. */
const LogLine = z.looseObject({ event: z.string().optional() });
export type LogLine = z.infer<typeof LogLine>;

export class Program {
  readonly #service: Service;
  readonly #name: string;
  readonly #logFile: string;
  readonly #lines: LogLine[] = [];
  #waiting: (() => void)[] = [];
  #end: ServiceEnd | null = null;

  /**
   * Starts `node FILE ARGS…` in `namespace`. setpriv and ip replace themselves by it, so the process id is its own.
   * It dies with the lab. The log is added to `logFile`.
   */
  constructor(options: {
    readonly name: string;
    readonly namespace: string;
    readonly file: string;
    readonly args: readonly string[];
    readonly logFile: string;
  }) {
    const { name, namespace, file, args, logFile } = options;
    this.#name = name;
    this.#logFile = logFile;
    this.#service = startService(
      'ip',
      ['netns', 'exec', namespace, process.execPath, file, ...args],
      {
        deathSignal: 'KILL',
        input: 'none',
        output: 'stream',
        onText: (text) => this.#log(text),
      },
    );
    if (this.#service.output !== null) {
      createInterface({ input: this.#service.output }).on('line', (line) => this.#hear(line));
    }
    void this.#service.ended.then((end) => {
      this.#end = end;
      this.#wake();
    });
  }

  /** Throws when the program could not be started. */
  get pid(): number {
    if (this.#service.pid === null) throw new Error(`${this.#name} could not be started`);
    return this.#service.pid;
  }

  /** How it ended, or null while it runs. */
  get end(): ServiceEnd | null {
    return this.#end;
  }

  get ended(): Promise<ServiceEnd> {
    return this.#service.ended;
  }

  /** All lines of its log so far that are JSON objects. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /**
   * Resolves with the first line of its log that has `"event": event`, at once if it has come already. Throws when
   * the program ends before, after `timeoutMs`, or when `signal` aborts.
   */
  async waitForEvent(event: string, timeoutMs: number, signal?: AbortSignal): Promise<LogLine> {
    const limit = AbortSignal.timeout(timeoutMs);
    const aborted = signal === undefined ? limit : AbortSignal.any([limit, signal]);
    aborted.addEventListener('abort', () => this.#wake(), { once: true });
    for (;;) {
      const line = this.#lines.find((candidate) => candidate.event === event);
      if (line !== undefined) return line;
      signal?.throwIfAborted();
      if (this.#end !== null) throw new Error(this.#complaint(`ended before it was "${event}"`));
      if (limit.aborted)
        throw new Error(this.#complaint(`was not "${event}" after ${timeoutMs} ms`));
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Asks it to end and waits; ends it by force after `graceMs`. Returns how it ended. */
  async stop(graceMs: number): Promise<ServiceEnd> {
    this.#service.kill('SIGTERM');
    const force = setTimeout(() => this.#service.kill('SIGKILL'), graceMs);
    const end = await this.#service.ended;
    clearTimeout(force);
    return end;
  }

  /** Ends it without a word, as a power cut would. */
  async kill(): Promise<ServiceEnd> {
    this.#service.kill('SIGKILL');
    return this.#service.ended;
  }

  #hear(line: string): void {
    this.#log(`${line}\n`);
    const parsed = LogLine.safeParse(parseJson(line));
    if (!parsed.success) return;
    this.#lines.push(parsed.data);
    this.#wake();
  }

  #log(text: string): void {
    try {
      appendFileSync(this.#logFile, text);
    } catch (error) {
      // Last words can come when the room has been removed already.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #complaint(what: string): string {
    const last = readFileSync(this.#logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
    return `${this.#name} ${what}; its log ends with:\n${last}`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
