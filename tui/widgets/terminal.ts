/** The terminal: blessed's screen on two streams, keys and mouse as our events, pictures as output. */

import type { Readable, Writable } from 'node:stream';
import blessed from 'blessed';
import type { Key, UiEvent } from '../events.ts';
import type { Area, Picture } from '../picture.ts';
import { Painter } from './painter.ts';

export type TerminalOptions = {
  readonly input: Readable;
  readonly output: Writable;
  /** TERM. */
  readonly terminal: string;
  readonly unicode: boolean;
  readonly colours: number;
  readonly onEvent: (event: UiEvent) => void;
};

const DOUBLE_CLICK_MS = 400;
/** Buttons and the wheel (xterm's modes 1000 and 1006). */
const MOUSE = { vt200Mouse: true, sgrMouse: true };
const NO_MOUSE = { vt200Mouse: false, sgrMouse: false };

export class Terminal {
  readonly #screen: blessed.Widgets.Screen;
  readonly #painter: Painter;
  readonly #onEvent: (event: UiEvent) => void;
  #isClosed = false;
  #lastClick = { column: -1, row: -1, at: 0 };

  constructor({ input, output, terminal, unicode, colours, onEvent }: TerminalOptions) {
    this.#onEvent = onEvent;
    // Without smartCSR and fastCSR: they duplicate rows. blessed knows the tmux and screen kinds with 8 colours only.
    // The types of blessed have these two the wrong way round.
    const streams: object = { input, output };
    this.#screen = blessed.screen({
      ...streams,
      terminal: /^(tmux|screen)/.test(terminal) ? 'xterm-256color' : terminal,
      fullUnicode: unicode,
      forceUnicode: unicode,
      title: 'OpenClone',
      warnings: false,
    });
    // Lines are characters like others, not an alternate character set that is lost in every second terminal.
    const tput: unknown = Reflect.get(this.#screen, 'tput');
    if (typeof tput === 'object' && tput !== null) Reflect.set(tput, 'brokenACS', true);
    this.#painter = new Painter(this.#screen, { unicode, colours });
    this.#screen.on('keypress', (text: unknown, key: unknown) => {
      const pressed = keyOf(text, key);
      if (pressed !== null) onEvent({ type: 'key', key: pressed });
    });
    const { program } = this.#screen;
    // Not the screen's own mouse: that asks for every motion, and for an encoding that ends at column 95 for many.
    program.on('mouse', (data: blessed.Widgets.Events.IMouseEventArg) => this.#mouse(data));
    program.setMouse(MOUSE, true);
    this.#screen.on('resize', () => onEvent({ type: 'resized', area: this.area }));
  }

  get area(): Area {
    const { width, height } = this.#screen;
    return { left: 0, top: 0, width: Number(width), height: Number(height) };
  }

  /** Does nothing once it is closed: news may come until the very end. */
  paint(picture: Picture): void {
    if (!this.#isClosed) this.#painter.paint(picture);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#screen.program.setMouse(NO_MOUSE, false);
    this.#screen.destroy();
  }

  /** How many things blessed keeps: they must not become more while the UI runs. */
  get elementCount(): number {
    const { children } = this.#screen;
    const kept = ['clickable', 'keyable'].map((name): number => {
      const list: unknown = Reflect.get(this.#screen, name);
      return Array.isArray(list) ? list.length : 0;
    });
    return kept.reduce((sum, count) => sum + count, children.length);
  }

  #mouse({ action, x, y }: blessed.Widgets.Events.IMouseEventArg): void {
    // The types of blessed know no wheel.
    const kind: string = action;
    switch (kind) {
      case 'mousedown': {
        const before = this.#lastClick;
        const at = performance.now();
        const isDouble =
          before.column === x && before.row === y && at - before.at < DOUBLE_CLICK_MS;
        this.#lastClick = { column: x, row: y, at: isDouble ? 0 : at };
        this.#onEvent({ type: 'clicked', column: x, row: y, isDouble });
        return;
      }
      case 'wheeldown':
        this.#onEvent({ type: 'wheel', delta: 3 });
        return;
      case 'wheelup':
        this.#onEvent({ type: 'wheel', delta: -3 });
        return;
      default:
        return;
    }
  }
}

/** What blessed says of a key, as ours; null for the ones that it tells twice. */
function keyOf(text: unknown, key: unknown): Key | null {
  const full =
    textOf(key, 'full') ?? textOf(key, 'name') ?? (typeof text === 'string' ? text : null);
  const sequence = textOf(key, 'sequence') ?? '';
  // blessed tells Enter twice, as "return" and as "enter".
  if (full === null || full === 'return') return null;
  const typed = typeof text === 'string' && /^[^\p{C}]+$/u.test(text) ? text : null;
  if (full === 'linefeed') return { name: 'enter', text: null };
  if (typed === ' ') return { name: 'space', text: ' ' };
  // "S-g" is what blessed calls a capital letter.
  if (typed !== null && !sequence.startsWith('\u001b')) return { name: typed, text: typed };
  return { name: full, text: null };
}

function textOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null || !(name in value)) return null;
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : null;
}
