/** The box of a dialog: a frame in the middle, over whatever lies below. */

import { widthOf } from '../../lib/columns.ts';
import { centred, inside, type Area, type Line, type Panel, type Picture } from '../picture.ts';

/** A framed panel for `lines`, as large as they need and the area allows; `width` is that of the text. */
export function dialogBox(
  area: Area,
  title: string,
  lines: readonly Line[],
  width: number,
): { readonly picture: Picture; readonly inner: Area } {
  const box = centred(area, width + 4, lines.length + 2);
  const panel: Panel = {
    type: 'text',
    area: box,
    title,
    isActive: true,
    lines: lines.map((each) => [{ text: ' ', style: 'plain' }, ...each]),
  };
  const inner = inside(box);
  return {
    picture: { panels: [panel], targets: [], caret: null },
    inner: { ...inner, left: inner.left + 1, width: Math.max(0, inner.width - 2) },
  };
}

/** Text broken into lines of at most `width` cells, between words where there are some. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let current = '';
    for (const word of paragraph.split(' ')) {
      let rest = word;
      if (current !== '' && widthOf(current) + 1 + widthOf(rest) > width) {
        lines.push(current);
        current = '';
      }
      while (widthOf(rest) > width) {
        const head = beginningOf(rest, width);
        if (head === rest) break;
        lines.push(head);
        rest = rest.slice(head.length);
      }
      current = current === '' ? rest : `${current} ${rest}`;
    }
    return [...lines, current];
  });
}

/** As many whole characters as fit, at least one. */
function beginningOf(text: string, width: number): string {
  let head = '';
  for (const { segment } of CHARACTERS.segment(text)) {
    if (head !== '' && widthOf(head) + widthOf(segment) > width) break;
    head += segment;
  }
  return head;
}

const CHARACTERS = new Intl.Segmenter();
