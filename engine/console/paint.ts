/** Rows as what a terminal must be sent to show them (console_codes(4)): cursor addressing, nothing that scrolls. */

import type { Colour } from './screens.ts';
import type { Row } from './draw-screen.ts';

const CSI = '\u001b[';
const COLOUR_CODES: Readonly<Record<Colour, number>> = {
  white: 37,
  green: 32,
  cyan: 36,
  yellow: 33,
  red: 31,
};

/**
 * Once, before the first frame: UTF-8, default colours, no automatic wrap (a character in the last cell would
 * scroll), no cursor, no blanking and no power saving of the screen, everything empty.
 */
export const PREPARE_SCREEN = `\u001b%G${CSI}0m${CSI}?7l${CSI}?25l${CSI}9;0]${CSI}14;0]${CSI}2J`;

/** The rows of `after` that differ from those of `before`; all of them when there was nothing before. */
export function paint(before: readonly Row[] | null, after: readonly Row[]): string {
  return after
    .map((row, index) => (isSame(before?.[index], row) ? '' : paintRow(index, row)))
    .join('');
}

function paintRow(index: number, { text, style, colour }: Row): string {
  const code = COLOUR_CODES[colour];
  const start = `${CSI}${index + 1};1H`;
  switch (style) {
    case 'plain':
      return `${start}${CSI}0;${code}m${text}`;
    case 'bold':
      return `${start}${CSI}0;1;${code}m${text}`;
    case 'bar':
      return `${start}${CSI}0;7;${code}m${text}${CSI}0m`;
    case 'large':
      // Inverse blanks are solid in every font.
      return `${start}${CSI}0;${code}m${text.replace(/#+/g, (points) => `${CSI}7m${' '.repeat(points.length)}${CSI}27m`)}`;
  }
}

function isSame(before: Row | undefined, row: Row): boolean {
  return (
    before !== undefined &&
    before.text === row.text &&
    before.style === row.style &&
    before.colour === row.colour
  );
}
