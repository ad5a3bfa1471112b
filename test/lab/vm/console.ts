/** What a virtual machine prints on its serial line: kept in a file, and searched as it comes. */

import { appendFileSync, writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** More than any boot prints. */
const KEPT_CHARACTERS = 1024 * 1024;

export class Console {
  readonly #logFile: string;
  #text = '';
  /** How far `waitFor` has read. */
  #position = 0;
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(logFile: string) {
    this.#logFile = logFile;
    writeFileSync(logFile, '');
  }

  /** Reads `output` to its end; a machine that is switched on again goes on with its next one. */
  listen(output: Readable): void {
    this.#ended = false;
    output.setEncoding('utf8').on('data', (text: string) => this.take(text));
    output.once('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  take(text: string): void {
    try {
      appendFileSync(this.#logFile, text);
    } catch (error) {
      // Last words can come when the room has been removed already.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    this.#text += text;
    const excess = Math.max(0, this.#text.length - KEPT_CHARACTERS);
    this.#text = this.#text.slice(excess);
    this.#position = Math.max(0, this.#position - excess);
    this.#wake();
  }

  /** Forgets nothing, but `waitFor` looks only at what comes from now on. */
  skip(): void {
    this.#position = this.#text.length;
  }

  /**
   * Resolves with the first match behind the last one; `unwanted` throws when it comes before. Throws after
   * `timeoutMs`, when the machine ends or when `signal` aborts, with the end of the console.
   */
  async waitFor(
    pattern: RegExp,
    options: {
      readonly timeoutMs: number;
      readonly unwanted?: RegExp;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<RegExpExecArray> {
    const { timeoutMs, unwanted, signal } = options;
    const limit = AbortSignal.timeout(timeoutMs);
    const aborted = signal === undefined ? limit : AbortSignal.any([limit, signal]);
    aborted.addEventListener('abort', () => this.#wake(), { once: true });
    for (;;) {
      const rest = this.#text.slice(this.#position);
      const match = pattern.exec(rest);
      const bad = unwanted?.exec(match === null ? rest : rest.slice(0, match.index)) ?? null;
      if (bad !== null) throw this.#complaint(`said "${bad[0]}" before ${pattern}`);
      if (match !== null) {
        this.#position += match.index + match[0].length;
        return match;
      }
      signal?.throwIfAborted();
      if (this.#ended) throw this.#complaint(`ended before ${pattern}`);
      if (limit.aborted) throw this.#complaint(`did not say ${pattern} in ${timeoutMs} ms`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #complaint(what: string): Error {
    const last = stripVTControlCharacters(this.#text)
      .split(/[\r\n]+/)
      .filter((line) => line.trim() !== '')
      .slice(-8)
      .join('\n');
    return new Error(`the machine ${what}; its console ends with:\n${last}`);
  }
}
