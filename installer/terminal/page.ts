/** Long text on a terminal, a screen at a time. */

import { emitKeypressEvents } from 'node:readline';
import { wrapText } from '../../lib/text/wrap-text.ts';
import { columnsOf } from './columns.ts';
import { unlessAborted, type Interruption } from './unless-aborted.ts';

export type Terminal = {
  readonly input: NodeJS.ReadableStream & { readonly setRawMode?: (isRaw: boolean) => unknown };
  readonly output: NodeJS.WritableStream;
};

type Key = { readonly name?: string; readonly ctrl?: boolean };
type Way = 'on' | 'back' | 'end' | 'leave';

/** What a terminal that does not say has. */
const USUAL_ROWS = 24;
/** ECMA-48: back to the line's beginning, and erase it. */
const ERASE_LINE = '\r\u001b[K';

/**
 * Shows `lines`; waits for keys when they are more than the terminal has rows. Throws inquirer's ExitPromptError for ^C and
 * for an input that ends, and `cancelled` when it is interrupted.
 */
export async function page(
  { input, output }: Terminal,
  lines: readonly string[],
  interruption: Interruption,
): Promise<void> {
  const shown = lines.flatMap((line) => wrapText(line, columnsOf(output)).split('\n'));
  const height = rowsOf(output) - 1;
  const write = (text: string): void => {
    output.write(text);
  };
  if (shown.length <= height) {
    write(shown.map((line) => `${line}\n`).join(''));
    return;
  }
  let first = 0;
  for (;;) {
    const next = Math.min(first + height, shown.length);
    write(
      shown
        .slice(first, next)
        .map((line) => `${line}\n`)
        .join(''),
    );
    if (next === shown.length) return;
    write(footer({ first, next, total: shown.length }, columnsOf(output)));
    const way = await unlessAborted(readWay(input), interruption, () => {
      write('\n');
    });
    write(ERASE_LINE);
    switch (way) {
      case 'on':
        first = next;
        break;
      case 'back':
        first = Math.max(0, first - height);
        write(`${'─'.repeat(Math.min(columnsOf(output), 40))}\n`);
        break;
      case 'end':
        write(
          shown
            .slice(next)
            .map((line) => `${line}\n`)
            .join(''),
        );
        return;
      case 'leave':
        throw leaving();
    }
  }
}

function footer(
  { first, next, total }: { readonly first: number; readonly next: number; readonly total: number },
  columns: number,
): string {
  const where = `Lines ${first + 1} to ${next} of ${total}`;
  return `-- ${where}. Space: go on, b: back, q: to the end --`.slice(0, columns - 1);
}

/** The next key that means something. */
async function readWay(input: Terminal['input']): Promise<Way> {
  emitKeypressEvents(input);
  const { promise, resolve } = Promise.withResolvers<Way>();
  const onKey = (_: string | undefined, key: Key): void => {
    const way = wayOf(key);
    if (way !== null) resolve(way);
  };
  const onEnd = (): void => resolve('leave');
  input.on('keypress', onKey).once('end', onEnd).once('close', onEnd);
  input.setRawMode?.(true);
  input.resume();
  try {
    return await promise;
  } finally {
    input.off('keypress', onKey).off('end', onEnd).off('close', onEnd);
    input.setRawMode?.(false);
    input.pause();
  }
}

function wayOf({ name, ctrl = false }: Key): Way | null {
  if (ctrl) return name === 'c' || name === 'd' ? 'leave' : null;
  switch (name) {
    case 'space':
    case 'return':
    case 'enter':
    case 'down':
    case 'pagedown':
      return 'on';
    case 'b':
    case 'up':
    case 'pageup':
      return 'back';
    case 'q':
    case 'end':
    case 'escape':
      return 'end';
    default:
      return null;
  }
}

/** As inquirer's questions end. */
function leaving(): Error {
  const error = new Error('interrupted');
  error.name = 'ExitPromptError';
  return error;
}

function rowsOf(output: NodeJS.WritableStream): number {
  const rows = 'rows' in output ? Number(output.rows) : 0;
  return rows > 2 ? rows : USUAL_ROWS;
}
