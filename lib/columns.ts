/** Width, padding and cutting of text in the cells of a terminal. */

import { createRequire } from 'node:module';

/** ASCII, the letters of Western and Central Europe, dots, lines and blocks: nearly all that is ever shown. */
const ONE_CELL_EACH = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u017f\u2026\u2500-\u259f]*$/;
/** What else was measured lately: signs and names come again with every picture, and measuring is slow. */
const measured = new Map<string, number>();
const MOST_MEASURED = 2000;
const LONGEST_MEASURED = 64;
let segmenter: Intl.Segmenter | null = null;
let stringWidth: ((text: string) => number) | null = null;

/** How many cells `text` takes: a letter with its combining marks takes one, most East Asian letters take two. */
export function widthOf(text: string): number {
  if (ONE_CELL_EACH.test(text)) return text.length;
  const before = measured.get(text);
  if (before !== undefined) return before;
  stringWidth ??= loadStringWidth();
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
  for (const { segment } of characters().segment(text)) {
    free -= widthOf(segment);
    if (free < 0) break;
    kept += segment;
  }
  return kept + mark;
}

/** Made when it is needed: it takes 12 ms, a tenth of what most commands take as a whole. */
function characters(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter();
  return segmenter;
}

/** Loaded when it is needed, which makes a segmenter too; `import` could not do so without waiting. */
function loadStringWidth(): (text: string) => number {
  const loaded: unknown = createRequire(import.meta.url)('string-width');
  if (!isStringWidth(loaded)) throw new TypeError('string-width has no function of that name');
  return loaded.default;
}

function isStringWidth(value: unknown): value is { default: (text: string) => number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'default' in value &&
    typeof value.default === 'function'
  );
}
