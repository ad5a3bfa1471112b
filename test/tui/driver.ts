/** The whole UI without a terminal: keys go in as bytes, and what comes out is read from a real terminal emulator. */

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { App } from '../../tui/app.ts';
import { ConnectionWishes } from '../../tui/connection-wishes.ts';
import { keepConnected } from '../../tui/connection.ts';
import { newModel } from '../../tui/model.ts';
import type { Screen } from '../../tui/screen-states.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { newState } from '../../tui/state.ts';
import type { Language } from '../../lib/model/language.ts';
import { Terminal } from '../../tui/widgets/terminal.ts';

/** Longer than anything takes on a machine that does six other things as well. */
const DEADLINE_MS = 60_000;
/** What changes without a byte for the terminal is looked for so often. */
const LOOK_MS = 20;

/** What keys send, as xterm does. */
export const KEYS = {
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  'shift-tab': '\u001b[Z',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  pageup: '\u001b[5~',
  pagedown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
  delete: '\u001b[3~',
  backspace: '\u007f',
  'ctrl-c': '\u0003',
  space: ' ',
} as const;
export type KeyName = keyof typeof KEYS;

export type DriverOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly unicode?: boolean;
  readonly colours?: number;
  readonly language?: Language;
  /** TERM. */
  readonly terminal?: string;
  /** Connects to this server; without one the test puts events itself. */
  readonly socketPath?: string;
  readonly screen?: Screen;
  /** Milliseconds since 1970; the real time when absent. */
  readonly clock?: () => number;
};

export class Driver {
  readonly app: App;
  readonly terminal: Terminal;
  readonly #input = new PassThrough();
  readonly #output = new PassThrough();
  readonly #emulator: xterm.Terminal;
  readonly #stopping = new AbortController();
  #onPainted: () => void = () => undefined;
  /** Everything that was written, for tests of what a terminal is told. */
  written = '';
  /** What was recorded by the key for it. */
  readonly recordings: string[] = [];
  hasQuit = false;
  /** The server that the operator left for. */
  wentTo: string | null = null;

  constructor(options: DriverOptions = {}) {
    const { columns = 80, rows = 24, unicode = true, clock = () => Date.now() } = options;
    this.#emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    Object.assign(this.#output, { columns, rows, isTTY: true });
    Object.assign(this.#input, { isTTY: true, setRawMode: () => this.#input });
    this.#output.on('data', (chunk: Buffer) => {
      this.written += chunk.toString();
      this.#emulator.write(chunk, () => this.#onPainted());
    });
    this.terminal = new Terminal({
      input: this.#input,
      output: this.#output,
      terminal: options.terminal ?? 'xterm-256color',
      unicode,
      colours: options.colours ?? 256,
      onEvent: (event) => this.app.put(event),
    });
    const leave = (server: string | null): void => {
      this.hasQuit = true;
      this.wentTo = server;
      this.close();
    };
    const wishes = new ConnectionWishes();
    this.app = new App({
      state: newState(
        newModel({
          area: this.terminal.area,
          unicode,
          language: options.language ?? 'en',
          now: clock(),
          operator: 'anna',
        }),
        [options.screen ?? FIRST_SCREEN],
      ),
      display: this.terminal,
      clock,
      record: (text) => {
        this.recordings.push(text);
        return Promise.resolve('/tmp/recording.json');
      },
      wishes,
      onQuit: leave,
    });
    if (options.socketPath !== undefined) {
      void keepConnected({
        socketPath: options.socketPath,
        operator: 'anna',
        app: this.app,
        wishes,
        clock,
        signal: this.#stopping.signal,
      });
    }
  }

  /** Types keys by name, and everything else as text. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.send(isKeyName(key) ? KEYS[key] : key);
  }

  /** Bytes as the terminal would send them. */
  send(bytes: string): void {
    this.#input.write(bytes);
  }

  /** A click at this cell, counted from 0, as a terminal with SGR mouse reports says it. */
  click(column: number, row: number): void {
    this.send(`\u001b[<0;${column + 1};${row + 1}M`);
    this.send(`\u001b[<0;${column + 1};${row + 1}m`);
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    Object.assign(this.#output, { columns, rows });
    this.#output.emit('resize');
  }

  /** What the emulator shows. */
  async lines(): Promise<string[]> {
    // What was written is parsed in turns of the event loop.
    await new Promise<void>((resolve) => this.#emulator.write('', resolve));
    const { active } = this.#emulator.buffer;
    return Array.from(
      { length: this.#emulator.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
  }

  /** Which of the two screens of the terminal is shown. */
  get isFullScreen(): boolean {
    return this.#emulator.buffer.active.type === 'alternate';
  }

  /** Where the terminal's cursor is, and what attributes the cell at a place has. */
  get cursor(): { readonly column: number; readonly row: number } {
    const { active } = this.#emulator.buffer;
    return { column: active.cursorX, row: active.cursorY };
  }

  /** Waits until the screen shows what is asked for; returns its lines. Throws with the screen when it never does. */
  async waitFor(
    what: string | RegExp | ((lines: readonly string[]) => boolean),
  ): Promise<string[]> {
    const isThere = (lines: readonly string[]): boolean => {
      if (typeof what === 'function') return what(lines);
      const text = lines.join('\n');
      return typeof what === 'string' ? text.includes(what) : what.test(text);
    };
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const lines = await this.lines();
      if (isThere(lines)) return lines;
      if (Date.now() > deadline) {
        assert.fail(`never shown: ${String(what)}\n${lines.join('\n')}`);
      }
      await this.#painted();
    }
  }

  /** Waits for the next bytes on the screen, LOOK_MS at most: to look in each turn of the event loop takes all of a processor. */
  async #painted(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#onPainted = () => resolve(undefined);
    const timer = setTimeout(this.#onPainted, LOOK_MS);
    await promise;
    clearTimeout(timer);
  }

  /** Where a text stands; throws when it is not on the screen. */
  async find(text: string): Promise<{ readonly column: number; readonly row: number }> {
    const lines = await this.waitFor(text);
    const row = lines.findIndex((line) => line.includes(text));
    return { column: lines[row]?.indexOf(text) ?? -1, row };
  }

  close(): void {
    this.#stopping.abort();
    this.terminal.close();
  }
}

/** Gives `work` a running UI and ends it, whatever comes of it. */
export async function withDriver(
  options: DriverOptions,
  work: (driver: Driver) => Promise<void>,
): Promise<void> {
  const driver = new Driver(options);
  try {
    await work(driver);
  } finally {
    driver.close();
  }
}

/** Waits until `isTrue`; `what` is for the message when it never is. */
export async function waitUntil(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!isTrue()) {
    if (Date.now() > deadline) assert.fail(`never happened: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isKeyName(key: string): key is KeyName {
  return Object.hasOwn(KEYS, key);
}

/** Presses one key after the other, each when its screen is there. */
export async function walk(
  driver: Driver,
  steps: readonly (readonly [key: string, then: string | RegExp])[],
): Promise<number> {
  for (const [key, then] of steps) {
    driver.press(key);
    await driver.waitFor(then);
  }
  return steps.length;
}
