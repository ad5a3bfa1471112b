/** A program in a real terminal: a tmux server of its own, whose keys we press and whose screen we read. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '../../lib/exec/run.ts';

/** Longer than anything takes on a machine that does six other things as well. */
const DEADLINE_MS = 60_000;
const LOOK_MS = 500;

export type TmuxOptions = {
  /** Run by `sh`. */
  readonly command: string;
  readonly columns?: number;
  readonly rows?: number;
  /** As many as asked for; the program gets nothing else of ours. */
  readonly env?: Readonly<Record<string, string>>;
};

/** A text, a pattern, or a question to the lines of the screen. */
export type Shown = string | RegExp | ((lines: readonly string[]) => boolean);

type Answer = { readonly isGood: boolean; readonly lines: readonly string[] };

/**
 * Commands go to one client in control mode (tmux(1), CONTROL MODE), which also says when the program has written: a
 * client for each, many times a second, took more time than the program.
 */
export class Tmux {
  readonly #client: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;
  /** Who waits for the answer to a command, in their order; attaching is answered, too. */
  readonly #waiting: ((answer: Answer) => void)[] = [() => undefined];
  /** What is being read: of which command, in tmux's numbers. */
  #answer: { readonly command: string; readonly lines: string[] } | null = null;
  #writes = 0;
  #onWrite: () => void = () => undefined;

  private constructor(client: ChildProcessWithoutNullStreams) {
    this.#client = client;
    this.#ended = once(client, 'close').then(() => {
      for (const waiting of this.#waiting.splice(0))
        waiting({ isGood: false, lines: ['it ended'] });
    });
    createInterface({ input: client.stdout }).on('line', (line) => this.#hear(line));
  }

  /** `directory` is for its socket. */
  static async start(
    directory: string,
    { command, columns = 80, rows = 24, env }: TmuxOptions,
  ): Promise<Tmux> {
    const socket = ['-S', join(directory, 'tmux')];
    const environment = { LC_ALL: 'C.UTF-8', SHELL: '/bin/sh', ...env };
    const size = ['-x', String(columns), '-y', String(rows)];
    await run(
      'tmux',
      [
        ...socket,
        '-f',
        '/dev/null',
        'new-session',
        '-d',
        ...size,
        command,
        ';',
        'set',
        '-g',
        'status',
        'off',
        ';',
        'set',
        '-g',
        'remain-on-exit',
        'on',
        // The status line had a row of the first size.
        ';',
        'resize-window',
        ...size,
      ],
      { env: environment },
    );
    const attach = [...socket, '-u', '-C', 'attach'];
    return new Tmux(spawn('tmux', attach, { env: { ...process.env, ...environment } }));
  }

  /** Keys by tmux's names ("Enter", "Escape", "C-c", "Down"); others are typed as they are. */
  async keys(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  async lines(): Promise<readonly string[]> {
    return this.#tmux('capture-pane', '-p');
  }

  /** What tmux knows of the terminal: `format` as in tmux(1), "#{alternate_on}". */
  async ask(format: string): Promise<string> {
    return (await this.#tmux('display-message', '-p', format)).join('\n');
  }

  /**
   * Waits until the screen shows what is asked for, all of it at once; returns its lines. Throws with the screen when it
   * never does. What else is to be on that screen must be asked for here: tmux may have read half of a picture.
   */
  async waitFor(
    what: Shown | readonly Shown[],
    deadlineMs: number = DEADLINE_MS,
  ): Promise<readonly string[]> {
    const all = [what].flat();
    const isThere = (lines: readonly string[]): boolean => {
      const text = lines.join('\n');
      return all.every((each) => {
        if (typeof each === 'function') return each(lines);
        return typeof each === 'string' ? text.includes(each) : each.test(text);
      });
    };
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const seen = this.#writes;
      const lines = await this.lines();
      if (isThere(lines)) return lines;
      if (performance.now() > deadline)
        assert.fail(`never shown: ${all.map(String).join(', ')}\n${lines.join('\n')}`);
      await this.#written(seen);
    }
  }

  async close(): Promise<void> {
    this.#client.stdin.end('kill-server\n');
    await this.#ended;
  }

  /** Waits until more than `seen` was written, for a while at most: what tmux itself changes is not told. */
  async #written(seen: number): Promise<void> {
    if (this.#writes > seen) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#onWrite = () => resolve(undefined);
    const timer = setTimeout(this.#onWrite, LOOK_MS);
    await promise;
    clearTimeout(timer);
  }

  async #tmux(...words: readonly string[]): Promise<readonly string[]> {
    const line = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ');
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.push(resolve);
      this.#client.stdin.write(`${line}\n`);
    });
    assert.ok(answer.isGood, `tmux ${line}: ${answer.lines.join('\n')}`);
    return answer.lines;
  }

  #hear(line: string): void {
    const [, word, command = ''] = /^%(\w+) (.*)/.exec(line) ?? [];
    const answer = this.#answer;
    if (answer === null) {
      if (word === 'begin') this.#answer = { command, lines: [] };
      if (word === 'output') {
        this.#writes += 1;
        this.#onWrite();
      }
    } else if ((word === 'end' || word === 'error') && command === answer.command) {
      this.#answer = null;
      this.#waiting.shift()?.({ isGood: word === 'end', lines: answer.lines });
    } else {
      answer.lines.push(line);
    }
  }
}

/** Gives `work` the program in its terminal and ends both, whatever comes of it. */
export async function withTmux(
  options: TmuxOptions,
  work: (tmux: Tmux) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-tmux-'));
  try {
    const tmux = await Tmux.start(directory, options);
    await work(tmux).finally(() => tmux.close());
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
