/** Text in the cells of a terminal. */

import stringWidth from 'string-width';

const CHARACTERS = new Intl.Segmenter();
const ONE_CELL_EACH = /^[\x20-\x7e]*$/;

/** How many cells `text` takes: a letter with its combining marks takes one, most East Asian letters take two. */
export function widthOf(text: string): number {
  return ONE_CELL_EACH.test(text) ? text.length : stringWidth(text);
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
