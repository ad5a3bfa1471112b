/** The host's own screen and serial line: shows what changes, and cannot hold the engine up. */

import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { Log } from '../../lib/log.ts';
import { drawScreen, type Row } from './draw-screen.ts';
import { paint, PREPARE_SCREEN } from './paint.ts';
import { statusLines } from './status-line.ts';
import type { ConsoleState } from './state.ts';

/** Times on the screen go on while nothing else changes. */
const TICK_MS = 1000;
/** The kernel's last words would stay on the screen for ever if only changes were painted. */
const REPAINT_ALL_TICKS = 15;

export type ConsoleOptions = {
  /** The screen, /dev/tty1; null for none. */
  readonly screen: string | null;
  /** Where plain lines go, /dev/console; null for nowhere. */
  readonly lines: string | null;
  readonly state: ConsoleState;
  /** The host's addresses as they are now. */
  readonly addresses: () => readonly string[];
  readonly log: Log;
};

export class Console {
  readonly #options: ConsoleOptions;
  #state: ConsoleState;
  #screen: number | null = null;
  #lines: number | null = null;
  #shown: Row[] | null = null;
  #said: ConsoleState | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #isFaultKnown = false;

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#state = options.state;
  }

  /** Shows the state, now and whenever it changes. */
  open(): void {
    // Held open: looking up a path would wait for the root file system, which may be gone with the server.
    this.#screen = this.#open(this.#options.screen);
    this.#lines = this.#open(this.#options.lines);
    if (this.#screen !== null) this.#write(this.#screen, PREPARE_SCREEN);
    this.#refresh();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** Whether there is a screen that somebody may look at. */
  get isShown(): boolean {
    return this.#screen !== null;
  }

  /** What has changed is shown at once. */
  change(change: Partial<ConsoleState>): void {
    this.#state = { ...this.#state, ...change };
    this.#refresh();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const fd of [this.#screen, this.#lines]) if (fd !== null) closeSync(fd);
    this.#screen = null;
    this.#lines = null;
  }

  #tick(): void {
    this.#ticks += 1;
    if (this.#ticks % REPAINT_ALL_TICKS === 0) this.#shown = null;
    this.#refresh();
  }

  #refresh(): void {
    const addresses = this.#options.addresses();
    if (addresses.join() !== this.#state.addresses.join()) {
      this.#state = { ...this.#state, addresses };
    }
    this.#say();
    this.#draw();
  }

  #draw(): void {
    const screen = this.#screen;
    if (screen === null) return;
    const rows = drawScreen(this.#state, Date.now());
    const painted = paint(this.#shown, rows);
    if (painted === '') return;
    // What did not get there is painted again with the next change.
    this.#shown = this.#write(screen, painted) ? rows : null;
  }

  #say(): void {
    const lines = this.#lines;
    const said = statusLines(this.#said, this.#state);
    this.#said = this.#state;
    if (lines === null || said.length === 0) return;
    this.#write(lines, said.map((line) => `${line}\r\n`).join(''));
  }

  /** Returns whether all of it was written. */
  #write(fd: number, text: string): boolean {
    try {
      const bytes = Buffer.from(text);
      return writeSync(fd, bytes) === bytes.length;
    } catch (error) {
      this.#fault('writing to the console', error);
      return false;
    }
  }

  #open(path: string | null): number | null {
    if (path === null) return null;
    try {
      // Not blocking: Scroll Lock and a serial line's flow control would stop the whole engine.
      return openSync(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    } catch (error) {
      this.#fault(`opening ${path}`, error);
      return null;
    }
  }

  #fault(what: string, error: unknown): void {
    if (!this.#isFaultKnown) this.#options.log.warn({ event: 'console', error }, what);
    this.#isFaultKnown = true;
  }
}
