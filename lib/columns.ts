/** Text in the cells of a terminal. */

import stringWidth from 'string-width';

const CHARACTERS = new Intl.Segmenter();
/** ASCII, the letters of Western and Central Europe, dots, lines and blocks: nearly all that is ever shown. */
const ONE_CELL_EACH = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u017f\u2026\u2500-\u259f]*$/;
/** What else was measured lately: signs and names come again with every picture, and measuring is slow. */
const measured = new Map<string, number>();
const MOST_MEASURED = 2000;
const LONGEST_MEASURED = 64;

/** How many cells `text` takes: a letter with its combining marks takes one, most East Asian letters take two. */
export function widthOf(text: string): number {
  if (ONE_CELL_EACH.test(text)) return text.length;
  const before = measured.get(text);
  if (before !== undefined) return before;
  const width = stringWidth(text);
  if (measured.size >= MOST_MEASURED) measured.clear();
  if (text.length <= LONGEST_MEASURED) measured.set(text, width);
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** At most `width` cells; what is cut off shows as `mark`. */
export function cut(text: string, width: number, mark = '…'): string {
  if (widthOf(text) <= width) return text;
  if (width < widthOf(mark)) return '';
  let kept = '';
  let free = width - widthOf(mark);
  for (const { segment } of CHARACTERS.segment(text)) {
    free -= widthOf(segment);
    if (free < 0) break;
    kept += segment;
  }
  return kept + mark;
}
