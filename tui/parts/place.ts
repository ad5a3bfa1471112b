/** A place in a list of things that come, go and change their order: the cursor stays on its thing. */

import type { ScreenEvent } from '../events.ts';
import { keepVisible, LIST_START, moveCursor, type ListCursor } from './list-cursor.ts';

export type Place = ListCursor & {
  /** What the cursor is on; null: on nothing yet, then its index counts. */
  readonly key: string | null;
};

export const FIRST_PLACE: Place = { ...LIST_START, key: null };

/** The list that a place is in. */
export type Listed<Row> = {
  /** Its name in clicks. */
  readonly list: string;
  readonly rows: readonly Row[];
  /** Tells one thing from all others, for as long as it exists. */
  readonly keyOf: (row: Row) => string;
};

/** Where the cursor is now, with `shown` entries to be seen at once. */
export function placeIn<Row>(place: Place, { rows, keyOf }: Listed<Row>, shown: number): Place {
  const { key, first, index } = place;
  const current = rows[index];
  const isStill = key === null || (current !== undefined && keyOf(current) === key);
  const found = isStill ? index : rows.findIndex((row) => keyOf(row) === key);
  const cursor = keepVisible({ first, index: found < 0 ? index : found }, rows.length, shown);
  return { ...cursor, key: isStill || found >= 0 ? key : null };
}

/** The thing under the cursor; null in an empty list. */
export function entryAt<Row>(place: Place, listed: Listed<Row>): Row | null {
  return listed.rows[placeIn(place, listed, 1).index] ?? null;
}

/** The place after a key, a turn of the wheel or a click on a row; null when the event is none of the list's. */
export function placeAfter<Row>(
  place: Place,
  event: ScreenEvent,
  listed: Listed<Row>,
  shown: number,
): Place | null {
  const at = placeIn(place, listed, shown);
  const moved = cursorAfter(at, event, listed, shown);
  if (moved === null) return null;
  const row = listed.rows[moved.index];
  return { ...moved, key: row === undefined ? null : listed.keyOf(row) };
}

function cursorAfter<Row>(
  at: ListCursor,
  event: ScreenEvent,
  { list, rows }: Listed<Row>,
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
