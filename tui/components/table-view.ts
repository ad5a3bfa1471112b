/** A table with a heading, a cursor and marks: the visible part of a list, as a picture. */

import { padEnd, padStart, widthOf } from '../../lib/columns.ts';
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
  type Span,
} from '../picture.ts';
import { glyphsOf } from '../glyphs.ts';
import { keepVisible, type ListCursor } from '../values/list-cursor.ts';

export type Column<Row> = {
  readonly title: string;
  /** In cells; the one with 'rest' shares what the others leave. */
  readonly width: number | 'rest';
  readonly align?: 'right';
  readonly cell: (row: Row) => string | Span;
};

export type Table<Row> = {
  /** Names the list for clicks. */
  readonly list: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly cursor: ListCursor;
  readonly isMarked: ((row: Row) => boolean) | null;
  /** What stands there when there are no rows: what to do about it. */
  readonly empty: readonly string[];
};

/** How many entries fit into `area`. */
export function tableRows(area: Area): number {
  return Math.max(1, area.height - 1);
}

export function tableView<Row>(table: Table<Row>, model: Model, area: Area): Picture {
  const signs = glyphsOf(model);
  const rows = tableRows(area);
  const { index, first } = keepVisible(table.cursor, table.rows.length, rows);
  const widths = columnWidths(table, area.width);
  const shown = table.rows.slice(first, first + rows);
  const heading = headingWith(
    tableLine(table, widths, (column) => span(column.title, 'dim'), null),
    positionOf(first, shown.length, table.rows.length, model),
    area.width,
    signs.cut,
  );
  const lines = shown.map((row, offset) => {
    const isMarked = table.isMarked === null ? null : table.isMarked(row);
    const plain = tableLine(table, widths, (column) => toSpan(column.cell(row)), isMarked);
    const full = fillLine([...plain, span('')], area.width, signs.cut);
    if (first + offset === index) return restyle(full, 'cursor');
    return isMarked === true
      ? full.map((each) => (each.style === 'plain' ? { ...each, style: 'marked' as const } : each))
      : full;
  });
  const body =
    shown.length === 0 ? ['', ...table.empty].map((each) => line(span(`  ${each}`, 'dim'))) : lines;
  return {
    panels: [
      {
        type: 'text',
        area,
        title: null,
        isActive: false,
        lines: [heading, ...body.map((each) => cutLine(each, area.width, signs.cut))],
      },
    ],
    targets: shown.map((_, offset) => ({
      area: { left: area.left, top: area.top + 1 + offset, width: area.width, height: 1 },
      click: { type: 'row', list: table.list, index: first + offset },
    })),
    caret: null,
  };

  function tableLine(
    { columns }: Table<Row>,
    cells: readonly number[],
    spanOf: (column: Column<Row>) => Span,
    isMarked: boolean | null,
  ): Line {
    const mark: Span[] =
      table.isMarked === null
        ? [span(' ')]
        : [
            span(
              isMarked === null ? '    ' : `${isMarked ? signs.marked : signs.unmarked} `,
              isMarked === true ? 'marked' : 'plain',
            ),
          ];
    return [
      ...mark,
      ...columns.flatMap((column, at) => [
        ...(at === 0 ? [] : [span('  ')]),
        ...fitCell(spanOf(column), cells[at] ?? 0, column.align, signs.cut),
      ]),
    ];
  }
}

/** " ▼ 1-18/30" where not all rows are seen, else nothing. */
function positionOf(first: number, shown: number, length: number, model: Model): string {
  if (shown >= length) return '';
  const { up, down } = glyphsOf(model);
  const last = first + shown;
  const signs = `${first > 0 ? up : ''}${last < length ? down : ''}`;
  return ` ${signs} ${first + 1}-${last}/${length} `;
}

/** The titles, with `position` over the end of them. */
function headingWith(titles: Line, position: string, width: number, mark: string): Line {
  const free = Math.max(0, width - widthOf(position));
  return [
    ...fillLine(cutLine(titles, free, ''), free, mark),
    ...(position === '' ? [] : [span(position, 'dim')]),
  ];
}

/** A cell of exactly this width. */
function fitCell(cell: Span, width: number, align: 'right' | undefined, mark: string): Line {
  if (width <= 0) return [];
  const [short] = cutLine([cell], width, mark);
  const text = short?.text ?? '';
  const padded = align === 'right' ? padStart(text, width) : padEnd(text, width);
  return [{ text: padded, style: cell.style }];
}

function columnWidths<Row>({ columns, isMarked }: Table<Row>, width: number): number[] {
  const marks = isMarked === null ? 1 : 4;
  const fixed = columns.reduce(
    (sum, column) => sum + (column.width === 'rest' ? 0 : column.width) + 2,
    marks,
  );
  const sharers = columns.filter((column) => column.width === 'rest').length;
  const share = Math.max(8, Math.floor((width - fixed + 1) / Math.max(1, sharers)));
  return columns.map((column) => (column.width === 'rest' ? share : Math.max(column.width, 0)));
}

function toSpan(cell: string | Span): Span {
  return typeof cell === 'string' ? span(cell) : cell;
}

/** The width of the longest of these, between `least` and `most`. */
export function widthFor(texts: readonly string[], least: number, most: number): number {
  let width = least;
  for (const text of texts) {
    width = Math.max(width, widthOf(text));
    if (width >= most) return most;
  }
  return width;
}
