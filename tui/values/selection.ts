/** Selection: where the cursor of a list is. Things come, go and change their order; the cursor stays on its thing. */

import type { ScreenEvent } from '../events.ts';
import { keepVisible, LIST_START, moveCursor, type ListCursor } from './list-cursor.ts';

export type Selection = ListCursor & {
  /** What the cursor is on; null: on nothing yet, then its index counts. */
  readonly key: string | null;
};

export const TOP: Selection = { ...LIST_START, key: null };

/** The list that a selection is in. */
export type ListSource<Row> = {
  /** Its name in clicks. */
  readonly list: string;
  readonly rows: readonly Row[];
  /** Tells one thing from all others, for as long as it exists. */
  readonly keyOf: (row: Row) => string;
};

/** Where the cursor is now, with `shown` entries to be seen at once. */
export function resolveSelection<Row>(
  selection: Selection,
  { rows, keyOf }: ListSource<Row>,
  shown: number,
): Selection {
  const { key, first, index } = selection;
  const current = rows[index];
  const isStill = key === null || (current !== undefined && keyOf(current) === key);
  const found = isStill ? index : rows.findIndex((row) => keyOf(row) === key);
  const cursor = keepVisible({ first, index: found < 0 ? index : found }, rows.length, shown);
  return { ...cursor, key: isStill || found >= 0 ? key : null };
}

/** The thing under the cursor; null in an empty list. */
export function entryAt<Row>(selection: Selection, listed: ListSource<Row>): Row | null {
  return listed.rows[resolveSelection(selection, listed, 1).index] ?? null;
}

/** The selection after a key, a turn of the wheel or a click on a row; null when the event is none of the list's. */
export function moveSelection<Row>(
  selection: Selection,
  event: ScreenEvent,
  listed: ListSource<Row>,
  shown: number,
): Selection | null {
  const at = resolveSelection(selection, listed, shown);
  const moved = cursorAfter(at, event, listed, shown);
  if (moved === null) return null;
  const row = listed.rows[moved.index];
  return { ...moved, key: row === undefined ? null : listed.keyOf(row) };
}

function cursorAfter<Row>(
  at: ListCursor,
  event: ScreenEvent,
  { list, rows }: ListSource<Row>,
  shown: number,
): ListCursor | null {
  switch (event.type) {
    case 'key':
      return moveCursor(at, event.key, rows.length, shown);
    case 'wheel':
      return keepVisible({ ...at, index: at.index + event.delta }, rows.length, shown);
    case 'click':
      return event.click.type === 'row' && event.click.list === list
        ? keepVisible({ ...at, index: event.click.index }, rows.length, shown)
        : null;
    default:
      return null;
  }
}
