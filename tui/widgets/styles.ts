/** How each style looks: blessed's tags, for terminals with many colours, with eight, and with none. */

import type { Style } from '../picture.ts';

type Look = { readonly colour: string; readonly mono: string };

/** Opening tags; tui/widgets closes all of them with {/}. */
const LOOKS: Readonly<Record<Style, Look>> = {
  plain: { colour: '', mono: '' },
  dim: { colour: '{light-black-fg}', mono: '' },
  strong: { colour: '{bold}', mono: '{bold}' },
  title: { colour: '{white-fg}{blue-bg}{bold}', mono: '{inverse}' },
  good: { colour: '{green-fg}', mono: '' },
  busy: { colour: '{cyan-fg}', mono: '{bold}' },
  warn: { colour: '{yellow-fg}', mono: '{bold}' },
  bad: { colour: '{red-fg}{bold}', mono: '{bold}{underline}' },
  key: { colour: '{cyan-fg}{bold}', mono: '{bold}' },
  marked: { colour: '{yellow-fg}{bold}', mono: '{bold}' },
  cursor: { colour: '{black-fg}{cyan-bg}', mono: '{inverse}' },
  bar: { colour: '{green-fg}', mono: '' },
  banner: { colour: '{white-fg}{red-bg}{bold}', mono: '{inverse}{bold}' },
};

/** The opening tags of `style` on a terminal with `colours` colours. */
export function tagsOf(style: Style, colours: number): string {
  const look = LOOKS[style];
  if (colours < 8) return look.mono;
  // Eight colours have no light black: dim text would be invisible on black.
  return colours < 16 ? look.colour.replace('{light-black-fg}', '') : look.colour;
}
