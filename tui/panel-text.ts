/** Panels as plain lines of cells: what terminals without line graphics get, and what tests read. */

import { cut, padEnd, widthOf } from '../lib/columns.ts';
import {
  cutLine,
  fillLine,
  inside,
  line,
  span,
  type Area,
  type ChartPanel,
  type Line,
  type Panel,
  type Picture,
  type TextPanel,
} from './picture.ts';
import { glyphsOf } from './glyphs.ts';

/** The panel's lines, as many and as wide as its area. */
export function textLines(panel: TextPanel, unicode: boolean): Line[] {
  const { area, title, lines } = panel;
  const mark = glyphsOf({ unicode }).cut;
  if (title === null) return fit(lines, area.width, area.height, mark);
  const inner = inside(area);
  return framed(
    panel.area,
    title,
    fit(lines, inner.width, inner.height, mark),
    panel.isActive,
    unicode,
  );
}

/** A chart of columns, one per value, for terminals that have no finer graphics. */
export function chartLines(panel: ChartPanel, unicode: boolean): Line[] {
  const inner = inside(panel.area);
  const axis = Math.max(widthOf(panel.labels.most), widthOf(panel.labels.least)) + 1;
  const width = Math.max(0, inner.width - axis);
  const values = (panel.series[0]?.values ?? []).slice(-width);
  const rows = Array.from({ length: inner.height }, (_, row) => {
    const label =
      row === 0 ? panel.labels.most : row === inner.height - 1 ? panel.labels.least : '';
    const threshold = (inner.height - row - 0.5) / inner.height;
    const columns = values
      .map((value) => (panel.most > 0 && value / panel.most >= threshold ? '#' : ' '))
      .join('');
    return line(span(padEnd(label, axis), 'dim'), span(columns.padStart(width), 'busy'));
  });
  return framed(panel.area, panel.title, rows, false, unicode);
}

/** The whole picture as text, a string a row: later panels cover earlier ones. */
export function pictureText(picture: Picture, area: Area, unicode: boolean): string[] {
  const cells = Array.from({ length: area.height }, () =>
    Array.from({ length: area.width }, () => ' '),
  );
  for (const panel of picture.panels) {
    for (const [offset, spans] of linesOf(panel, unicode).entries()) {
      const row = cells[panel.area.top + offset];
      if (row === undefined) continue;
      let column = panel.area.left;
      for (const { segment } of CHARACTERS.segment(spans.map(({ text }) => text).join(''))) {
        const width = widthOf(segment);
        if (column + width > area.width) break;
        row[column] = segment;
        // The second cell of a wide character belongs to it.
        if (width === 2) row[column + 1] = '';
        column += width;
      }
    }
  }
  return cells.map((row) => row.join('').trimEnd());
}

const CHARACTERS = new Intl.Segmenter();

function linesOf(panel: Panel, unicode: boolean): Line[] {
  return panel.type === 'text' ? textLines(panel, unicode) : chartLines(panel, unicode);
}

function fit(lines: readonly Line[], width: number, height: number, mark: string): Line[] {
  return Array.from({ length: height }, (_, row) =>
    fillLine([...(lines[row] ?? []), span('')], width, mark),
  );
}

function framed(
  { width }: Area,
  title: string,
  lines: readonly Line[],
  isActive: boolean,
  unicode: boolean,
): Line[] {
  const { corners, across, down } = glyphsOf({ unicode }).box;
  const style = isActive ? 'busy' : 'dim';
  const name =
    title === '' ? '' : ` ${cut(title, Math.max(0, width - 6), glyphsOf({ unicode }).cut)} `;
  const rest = Math.max(0, width - 3 - widthOf(name));
  return [
    [
      span(`${corners[0]}${across}`, style),
      span(name, isActive ? 'strong' : 'plain'),
      span(`${across.repeat(rest)}${corners[1]}`, style),
    ],
    ...lines.map((spans) => [span(down, style), ...spans, span(down, style)]),
    [span(`${corners[2]}${across.repeat(Math.max(0, width - 2))}${corners[3]}`, style)],
  ].map((spans) => cutLine(spans, width, ''));
}
