/** How a task that is followed shows: redrawn on a terminal, line by line elsewhere, not at all for programs. */

import { printable } from '../lib/format.ts';
import { progressBlock } from './print/progress-block.ts';
import { ProgressLines } from './print/progress-lines.ts';
import { cut } from '../lib/columns.ts';
import type { TaskView } from '../lib/client/task-view.ts';
import type { Output } from './output.ts';

export type Display = {
  readonly show: (view: TaskView) => void;
  /** A remark that stays. */
  readonly say: (text: string) => void;
};

export function makeDisplay(output: Output): Display {
  const say = (text: string): void => output.printError([printable(text)]);
  if (output.quiet || output.json) return { show: () => undefined, say };
  if (!output.live) {
    const lines = new ProgressLines(output.texts);
    return { show: (view) => output.print(lines.update(view, Date.now())), say };
  }
  const block = new Block(output);
  return {
    show: (view) => block.draw(progressBlock(output.texts, view, output.size(), output.unicode)),
    say: (text) => block.remark(printable(text)),
  };
}

/** The last lines on a terminal, drawn over again and again (ECMA-48: CPL moves up, EL and ED erase). */
export class Block {
  readonly #output: Output;
  #lines: readonly string[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  /** Replaces what was drawn before. */
  draw(lines: readonly string[]): void {
    const { columns, rows } = this.#output.size();
    const mark = this.#output.unicode ? '…' : '~';
    const fitting = lines.slice(0, rows - 1).map((line) => cut(line, columns - 1, mark));
    const text = fitting.map((line) => `${line}\u001b[K\n`).join('');
    this.#output.write(`${this.#up()}${text}\u001b[J`);
    this.#lines = fitting;
  }

  /** Puts a line above the block, where it stays. */
  remark(line: string): void {
    this.#output.write(`${this.#up()}${line}\u001b[K\n`);
    const lines = this.#lines;
    this.#lines = [];
    this.draw(lines);
  }

  #up(): string {
    return this.#lines.length === 0 ? '' : `\u001b[${this.#lines.length}F`;
  }
}
