/** Lines that may be more than fit: the part that is seen, and how to go on. */

import { padStart } from '../../lib/columns.ts';
import type { ScreenEvent } from '../events.ts';
import type { Model } from '../model.ts';
import { line, span, type Area, type Line, type Picture } from '../picture.ts';
import { glyphsOf } from '../glyphs.ts';
import { keepVisible, moveCursor } from '../values/list-cursor.ts';

/** The first line that is seen after `event`; null when the event is none of scrolling. */
export function scrollAfter(
  first: number,
  event: ScreenEvent,
  length: number,
  shown: number,
): number | null {
  const most = Math.max(0, length - shown);
  const at = Math.min(first, most);
  // A cursor on the first seen line, in a list that ends where the last page begins.
  const list = { index: at, first: at };
  if (event.type === 'wheel')
    return keepVisible({ ...list, index: at + event.delta }, most + 1, shown).index;
  if (event.type !== 'key') return null;
  return moveCursor(list, event.key, most + 1, shown)?.index ?? null;
}

/** The lines from `first` on; the last row says how much there is when not all of it is seen. */
export function scrollView(
  lines: readonly Line[],
  first: number,
  model: Model,
  area: Area,
): Picture {
  const { up, down } = glyphsOf(model);
  const isLong = lines.length > area.height;
  const shown = isLong ? Math.max(1, area.height - 1) : area.height;
  const at = Math.max(0, Math.min(first, lines.length - shown));
  const last = Math.min(lines.length, at + shown);
  const signs = `${at > 0 ? up : ' '}${last < lines.length ? down : ' '}`;
  const where = line(
    span(padStart(`${signs} ${at + 1}-${last}/${lines.length} `, area.width), 'dim'),
  );
  const seen = lines.slice(at, last);
  return {
    panels: [
      {
        type: 'text',
        area,
        title: null,
        isActive: false,
        lines: isLong ? [...seen, where] : seen,
      },
    ],
    targets: [],
    caret: null,
  };
}

/** How many lines are seen at once. */
export function scrollRows(length: number, area: Area): number {
  return length > area.height ? Math.max(1, area.height - 1) : area.height;
}
