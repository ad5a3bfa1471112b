/** How a task that is followed shows: redrawn on a terminal, line by line elsewhere, not at all for programs. */

import { printable } from '../lib/format.ts';
import { progressBlock } from './print/progress-block.ts';
import { ProgressLines } from './print/progress-lines.ts';
import { cut } from '../lib/columns.ts';
import type { TaskView } from '../lib/client/task-view.ts';
import type { Screen } from './screen.ts';

export type Display = {
  readonly show: (view: TaskView) => void;
  /** A remark that stays. */
  readonly say: (text: string) => void;
};

export function makeDisplay(screen: Screen): Display {
  const say = (text: string): void => screen.complain([printable(text)]);
  if (screen.quiet || screen.json) return { show: () => undefined, say };
  if (!screen.live) {
    const lines = new ProgressLines(screen.texts);
    return { show: (view) => screen.print(lines.update(view, Date.now())), say };
  }
  const block = new Block(screen);
  return {
    show: (view) => block.draw(progressBlock(screen.texts, view, screen.size(), screen.unicode)),
    say: (text) => block.remark(printable(text)),
  };
}

/** The last lines on a terminal, drawn over again and again (ECMA-48: CPL moves up, EL and ED erase). */
export class Block {
  readonly #screen: Screen;
  #lines: readonly string[] = [];

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Replaces what was drawn before. */
  draw(lines: readonly string[]): void {
    const { columns, rows } = this.#screen.size();
    const mark = this.#screen.unicode ? '…' : '~';
    const fitting = lines.slice(0, rows - 1).map((line) => cut(line, columns - 1, mark));
    const text = fitting.map((line) => `${line}\u001b[K\n`).join('');
    this.#screen.write(`${this.#up()}${text}\u001b[J`);
    this.#lines = fitting;
  }

  /** Puts a line above the block, where it stays. */
  remark(line: string): void {
    this.#screen.write(`${this.#up()}${line}\u001b[K\n`);
    const lines = this.#lines;
    this.#lines = [];
    this.draw(lines);
  }

  #up(): string {
    return this.#lines.length === 0 ? '' : `\u001b[${this.#lines.length}F`;
  }
}
