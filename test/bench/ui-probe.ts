/** The whole UI on a terminal that counts instead of showing: how late a key is seen. */

import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { App } from '../../tui/app.ts';
import { ConnectionWishes } from '../../tui/connection-wishes.ts';
import { keepConnected } from '../../tui/connection.ts';
import { newModel } from '../../tui/model.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { newState } from '../../tui/state.ts';
import { Terminal } from '../../tui/widgets/terminal.ts';

const AREA = { columns: 120, rows: 40 };
/** Nothing takes this long. */
const PATIENCE_MS = 60_000;

export class UiProbe {
  readonly app: App;
  readonly terminal: Terminal;
  readonly #input = new PassThrough();
  readonly #output = new PassThrough();
  readonly #stopping = new AbortController();
  readonly #ticking: NodeJS.Timeout;
  writtenBytes = 0;
  paints = 0;
  #isKeySeen = false;
  #painted: (() => void) | null = null;

  constructor(socketPath: string) {
    Object.assign(this.#output, { ...AREA, isTTY: true });
    Object.assign(this.#input, { isTTY: true, setRawMode: () => this.#input });
    this.#output.on('data', (chunk: Buffer) => (this.writtenBytes += chunk.length));
    this.terminal = new Terminal({
      input: this.#input,
      output: this.#output,
      terminal: 'xterm-256color',
      unicode: true,
      colours: 256,
      onEvent: (event) => {
        this.app.put(event);
        this.#isKeySeen ||= event.type === 'key';
      },
    });
    const { terminal } = this;
    const wishes = new ConnectionWishes();
    this.app = new App({
      state: newState(
        newModel({
          area: terminal.area,
          unicode: true,
          language: 'en',
          now: Date.now(),
          operator: 'bench',
        }),
        [FIRST_SCREEN],
      ),
      record: () => Promise.resolve(''),
      display: { paint: (picture) => this.#paint(picture) },
      clock: () => Date.now(),
      wishes,
      onQuit: () => undefined,
    });
    this.#ticking = setInterval(() => this.app.put({ type: 'tick', now: Date.now() }), 1000);
    void keepConnected({
      socketPath,
      operator: 'bench',
      app: this.app,
      wishes,
      clock: () => Date.now(),
      signal: this.#stopping.signal,
    });
  }

  /**
   * Milliseconds from the moment `at` (performance.now()) at which the key is pressed until the terminal has what
   * follows from it. When the program was busy at that moment, this counts.
   */
  async press(bytes: string, at: number = performance.now()): Promise<number> {
    await delay(Math.max(0, at - performance.now()));
    this.#isKeySeen = false;
    const painted = new Promise<void>((resolve) => (this.#painted = resolve));
    this.#input.write(bytes);
    await painted;
    return performance.now() - at;
  }

  /** Waits until the state is as `isTrue` wants it. */
  async until(what: string, isTrue: (app: App) => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!isTrue(this.app)) {
      if (performance.now() > deadline) throw new Error(`the UI never came to: ${what}`);
      await delay(20);
    }
  }

  close(): void {
    clearInterval(this.#ticking);
    this.#stopping.abort();
    this.terminal.close();
  }

  #paint(picture: Parameters<Terminal['paint']>[0]): void {
    this.terminal.paint(picture);
    this.paints += 1;
    if (!this.#isKeySeen) return;
    this.#isKeySeen = false;
    const painted = this.#painted;
    this.#painted = null;
    // blessed writes at the end of the turn.
    setImmediate(() => painted?.());
  }
}
