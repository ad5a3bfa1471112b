/** The box of a dialog: a frame in the middle, over whatever lies below. */

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

/** Text broken into lines of at most `width` characters, between words where there are some. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let current = '';
    for (const word of paragraph.split(' ')) {
      let rest = word;
      if (current !== '' && current.length + 1 + rest.length > width) {
        lines.push(current);
        current = '';
      }
      while (rest.length > width) {
        lines.push(rest.slice(0, width));
        rest = rest.slice(width);
      }
      current = current === '' ? rest : `${current} ${rest}`;
    }
    return [...lines, current];
  });
}
