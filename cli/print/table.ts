/** Text in columns. Everything that gets here may come from the network: it is made harmless here. */

import { padEnd, padStart, widthOf } from '../../lib/columns.ts';
import { printable } from '../../lib/format.ts';

export type Column = { readonly title: string; readonly align?: 'left' | 'right' };

/** A heading and one line per row, columns two spaces apart. Cells are made printable. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, index) =>
    Math.max(...cells.map((row) => widthOf(row[index] ?? ''))),
  );
  return cells.map((row) =>
    columns
      .map(({ align }, index) => {
        const pad = align === 'right' ? padStart : padEnd;
        return pad(row[index] ?? '', widths[index] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** "Name:   value" lines, the values below each other. Values are made printable. */
export function fields(pairs: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(0, ...pairs.map(([name]) => widthOf(name) + 1));
  return pairs.map(([name, value]) =>
    `${padEnd(`${name}:`, width)}  ${printable(value)}`.trimEnd(),
  );
}

/** Lines set in by two spaces. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
