/** Many small things beside each other: as many columns as fit, read line by line, with a cursor. */

import type { ScreenEvent } from '../events.ts';
import type { Model } from '../model.ts';
import {
  cutLine,
  fillLine,
  line,
  restyle,
  span,
  type Area,
  type Line,
  type Picture,
} from '../picture.ts';
import { glyphsOf } from '../glyphs.ts';
import {
  moveSelection,
  resolveSelection,
  type ListSource,
  type Selection,
} from '../values/selection.ts';

export type Grid<Row> = ListSource<Row> & {
  readonly selection: Selection;
  /** The least width of a cell; columns share what is left. */
  readonly cellWidth: number;
  /** Between two cells; 2 when absent. */
  readonly space?: number;
  readonly cell: (row: Row, width: number) => Line;
  /** What stands there when there is nothing. */
  readonly empty: string;
};

const SPACE = 2;

export function gridColumns(width: number, cellWidth: number, space = SPACE): number {
  return Math.max(1, Math.floor((width + space) / (cellWidth + space)));
}

/** The selection after an event: up and down go by lines, left and right by cells. Null when it is none of the grid's. */
export function moveInGrid<Row>(
  selection: Selection,
  event: ScreenEvent,
  grid: Pick<Grid<Row>, 'list' | 'rows' | 'keyOf' | 'cellWidth' | 'space'>,
  area: Area,
): Selection | null {
  const columns = gridColumns(area.width, grid.cellWidth, grid.space);
  const most = grid.rows.length - 1;
  const at = resolveSelection(selection, grid, grid.rows.length);
  const to = (index: number): Selection => {
    const inside = Math.max(0, Math.min(most, index));
    const row = grid.rows[inside];
    return {
      index: inside,
      first: selection.first,
      key: row === undefined ? null : grid.keyOf(row),
    };
  };
  if (event.type === 'wheel') return to(at.index + Math.sign(event.delta) * columns);
  if (event.type !== 'key') return moveSelection(selection, event, grid, grid.rows.length);
  switch (event.key.name) {
    case 'left':
    case 'h':
      return to(at.index - 1);
    case 'right':
    case 'l':
      return to(at.index + 1);
    case 'up':
    case 'k':
      return to(at.index - columns < 0 ? at.index : at.index - columns);
    case 'down':
    case 'j':
      return to(at.index + columns > most ? most : at.index + columns);
    case 'pageup':
      return to(at.index - columns * Math.max(1, area.height - 1));
    case 'pagedown':
      return to(at.index + columns * Math.max(1, area.height - 1));
    case 'home':
    case 'g':
      return to(0);
    case 'end':
    case 'G':
      return to(most);
    default:
      return null;
  }
}

export function gridView<Row>(grid: Grid<Row>, model: Model, area: Area): Picture {
  const { cut } = glyphsOf(model);
  const { space = SPACE } = grid;
  const columns = gridColumns(area.width, grid.cellWidth, space);
  const width = Math.floor((area.width + space) / columns) - space;
  const { index } = resolveSelection(grid.selection, grid, grid.rows.length);
  const lineCount = Math.ceil(grid.rows.length / columns);
  const current = Math.floor(index / columns);
  const firstLine = Math.max(
    0,
    Math.min(current - Math.floor(area.height / 2), lineCount - area.height),
  );
  const first = firstLine * columns;
  const shown = grid.rows.slice(first, first + columns * area.height);
  const cells = shown.map((row, offset) => {
    const full = fillLine([...cutLine(grid.cell(row, width), width, cut), span('')], width, cut);
    return first + offset === index ? restyle(full, 'cursor') : full;
  });
  const lines = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) =>
    cells
      .slice(row * columns, (row + 1) * columns)
      .flatMap((cell, column) => [...(column === 0 ? [] : [span(' '.repeat(space))]), ...cell]),
  );
  return {
    panels: [
      {
        type: 'text',
        area,
        title: null,
        isActive: false,
        lines: lines.length === 0 ? [line(span(` ${grid.empty}`, 'dim'))] : lines,
      },
    ],
    targets: shown.map((_, offset) => ({
      area: {
        left: area.left + (offset % columns) * (width + space),
        top: area.top + Math.floor(offset / columns),
        width,
        height: 1,
      },
      click: { type: 'row', list: grid.list, index: first + offset },
    })),
    caret: null,
  };
}
