/** The cursor of a long list, which entries are marked, and which part of it is seen. */

import type { Key } from '../events.ts';

export type ListCursor = {
  readonly index: number;
  /** First visible entry. */
  readonly first: number;
};

export const LIST_START: ListCursor = { index: 0, first: 0 };

/** The cursor after `key`, or null when the key is none of a list. `rows` is how many entries are seen at once. */
export function moveCursor(
  { index, first }: ListCursor,
  key: Key,
  length: number,
  rows: number,
): ListCursor | null {
  const step = stepOf(key, length, rows);
  if (step === null) return null;
  return keepVisible({ index: index + step, first }, length, rows);
}

/** Inside the list and inside the visible part, whatever happened to the list or to the terminal. */
export function keepVisible(
  { index, first }: ListCursor,
  length: number,
  rows: number,
): ListCursor {
  const shown = Math.max(1, rows);
  const at = Math.max(0, Math.min(length - 1, index));
  const lowest = Math.max(0, Math.min(first, at, Math.max(0, length - shown)));
  return { index: at, first: Math.max(lowest, at - shown + 1) };
}

function stepOf(key: Key, length: number, rows: number): number | null {
  switch (key.name) {
    case 'up':
    case 'k':
      return -1;
    case 'down':
    case 'j':
      return 1;
    case 'pageup':
    case 'C-b':
      return -Math.max(1, rows - 1);
    case 'pagedown':
    case 'C-f':
      return Math.max(1, rows - 1);
    case 'home':
    case 'g':
      return -length;
    case 'end':
    case 'G':
      return length;
    default:
      return null;
  }
}
