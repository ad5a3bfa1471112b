/** A program in a real terminal: a tmux server of its own, whose keys we press and whose screen we read. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../lib/exec/run.ts';

/** Longer than anything takes on a machine that does six other things as well. */
const DEADLINE_MS = 60_000;
const POLL_MS = 40;

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

export class Tmux {
  readonly #socket: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(directory: string, env: Readonly<Record<string, string>>) {
    this.#socket = join(directory, 'tmux');
    this.#env = env;
  }

  async start({ command, columns = 80, rows = 24 }: TmuxOptions): Promise<void> {
    await this.#tmux([
      ...['-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows)],
      ...[command, ';', 'set', '-g', 'status', 'off', ';', 'set', '-g', 'remain-on-exit', 'on'],
    ]);
    // The status line had a row of the first size.
    await this.resize(columns, rows);
  }

  /** Keys by tmux's names ("Enter", "Escape", "C-c", "Down"); others are typed as they are. */
  async keys(...keys: readonly string[]): Promise<void> {
    await this.#tmux(['send-keys', ...keys]);
  }

  async type(text: string): Promise<void> {
    await this.#tmux(['send-keys', '-l', text]);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux(['resize-window', '-x', String(columns), '-y', String(rows)]);
  }

  async lines(): Promise<string[]> {
    const { stdout } = await this.#tmux(['capture-pane', '-p']);
    return stdout.replace(/\n$/, '').split('\n');
  }

  /** What tmux knows of the terminal: `format` as in tmux(1), "#{alternate_on}". */
  async ask(format: string): Promise<string> {
    const { stdout } = await this.#tmux(['display-message', '-p', format]);
    return stdout.trimEnd();
  }

  /**
   * Waits until the screen shows what is asked for, all of it at once; returns its lines. Throws with the screen when it
   * never does. What else is to be on that screen must be asked for here: tmux may have read half of a picture.
   */
  async waitFor(
    what: Shown | readonly Shown[],
    deadlineMs: number = DEADLINE_MS,
  ): Promise<string[]> {
    const all = [what].flat();
    const isThere = (lines: readonly string[]): boolean => {
      const text = lines.join('\n');
      return all.every((each) => {
        if (typeof each === 'function') return each(lines);
        return typeof each === 'string' ? text.includes(each) : each.test(text);
      });
    };
    const deadline = Date.now() + deadlineMs;
    for (;;) {
      const lines = await this.lines();
      if (isThere(lines)) return lines;
      if (Date.now() > deadline)
        assert.fail(`never shown: ${all.map(String).join(', ')}\n${lines.join('\n')}`);
      await delay(POLL_MS);
    }
  }

  async close(): Promise<void> {
    await this.#tmux(['kill-server'], ANY_STATUS);
  }

  #tmux(args: readonly string[], allowedStatuses: readonly number[] = [0]): ReturnType<typeof run> {
    return run('tmux', ['-S', this.#socket, ...args], { env: this.#env, allowedStatuses });
  }
}

const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);

/** Gives `work` the program in its terminal and ends both, whatever comes of it. */
export async function withTmux(
  options: TmuxOptions,
  work: (tmux: Tmux) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-tmux-'));
  const tmux = new Tmux(directory, { LC_ALL: 'C.UTF-8', SHELL: '/bin/sh', ...options.env });
  try {
    await tmux.start(options);
    await work(tmux);
  } finally {
    await tmux.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
