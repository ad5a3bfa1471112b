/** What the screen shows, as data: the views make it, tui/widgets paints it, tests read it. */

import { cut, widthOf } from '../lib/columns.ts';
import { printable } from '../lib/format.ts';

/** What a piece of text means; tui/widgets/styles.ts says how each looks. Colour is never the only sign. */
export type Style =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'title'
  | 'good'
  | 'busy'
  | 'warn'
  | 'bad'
  | 'key'
  | 'marked'
  | 'cursor'
  | 'bar'
  | 'banner';

export type Span = { readonly text: string; readonly style: Style };
export type Line = readonly Span[];

/** In cells; the screen's upper left one is 0, 0. */
export type Area = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

/** A text panel: `lines` begin at the area's upper left corner, or inside its frame when it has a title. */
export type TextPanel = {
  readonly type: 'text';
  readonly area: Area;
  /** With a frame when not null. */
  readonly title: string | null;
  readonly isActive: boolean;
  readonly lines: readonly Line[];
};

/** A chart of one or two series over time, the newest value at the right. */
export type ChartPanel = {
  readonly type: 'chart';
  readonly area: Area;
  readonly title: string;
  readonly series: readonly { readonly label: string; readonly values: readonly number[] }[];
  /** What stands at the axis for a value: "12 MB/s". */
  readonly labels: { readonly least: string; readonly most: string };
  readonly most: number;
  /** Of the numbers at the axis. */
  readonly decimalMark: string;
};

export type Panel = TextPanel | ChartPanel;

/** Where a click does something: the topmost target wins, the last in the list. */
export type Target = { readonly area: Area; readonly click: Click };
export type Click =
  | { readonly type: 'command'; readonly name: string }
  | { readonly type: 'row'; readonly list: string; readonly index: number };

export type Picture = {
  readonly panels: readonly Panel[];
  readonly targets: readonly Target[];
  /** Where the terminal's own cursor blinks, for text that is being typed. */
  readonly caret: { readonly column: number; readonly row: number } | null;
};

export const NO_PICTURE: Picture = { panels: [], targets: [], caret: null };

/** Later ones lie above earlier ones. */
export function stack(...pictures: readonly Picture[]): Picture {
  return {
    panels: pictures.flatMap(({ panels }) => panels),
    targets: pictures.flatMap(({ targets }) => targets),
    caret: pictures.at(-1)?.caret ?? null,
  };
}

/** A span; what a terminal would act on is made visible (names come from the network). */
export function span(text: string, style: Style = 'plain'): Span {
  return { text: printable(text), style };
}

export function line(...parts: readonly (string | Span)[]): Line {
  return parts.map((part) => (typeof part === 'string' ? span(part) : part));
}

export function lineWidth(spans: Line): number {
  return spans.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** At most `width` cells; `mark` stands where something was cut off. */
export function cutLine(spans: Line, width: number, mark: string): Line {
  if (lineWidth(spans) <= width) return spans;
  const kept: Span[] = [];
  let free = width;
  for (const each of spans) {
    const text = cut(each.text, free, mark);
    kept.push({ ...each, text });
    if (text !== each.text) break;
    free -= widthOf(text);
    if (free === 0) {
      // The next one would have been cut: say so in the last cell.
      const last = kept.pop();
      if (last !== undefined)
        kept.push({ ...last, text: cut(`${last.text} `, widthOf(last.text), mark) });
      break;
    }
  }
  return kept;
}

/** Exactly `width` cells, filled up with spaces of the last span's style. */
export function fillLine(spans: Line, width: number, mark: string): Line {
  const short = cutLine(spans, width, mark);
  const missing = width - lineWidth(short);
  if (missing <= 0) return short;
  return [...short, { text: ' '.repeat(missing), style: short.at(-1)?.style ?? 'plain' }];
}

/** The same line in one style, as a cursor bar needs it. */
export function restyle(spans: Line, style: Style): Line {
  return spans.map(({ text }) => ({ text, style }));
}

/** The part of a framed panel that its lines fill. */
export function inside({ left, top, width, height }: Area): Area {
  return {
    left: left + 1,
    top: top + 1,
    width: Math.max(0, width - 2),
    height: Math.max(0, height - 2),
  };
}

/** An area of at most this size in the middle of another. */
export function centred(area: Area, width: number, height: number): Area {
  const w = Math.min(width, area.width);
  const h = Math.min(height, area.height);
  return {
    left: area.left + Math.floor((area.width - w) / 2),
    top: area.top + Math.floor((area.height - h) / 2),
    width: w,
    height: h,
  };
}

/** The upper `height` rows, and the rest. */
export function splitRows(area: Area, height: number): [Area, Area] {
  const upper = Math.max(0, Math.min(height, area.height));
  return [
    { ...area, height: upper },
    { ...area, top: area.top + upper, height: area.height - upper },
  ];
}

/** The left `width` columns, and the rest. */
export function splitColumns(area: Area, width: number): [Area, Area] {
  const first = Math.max(0, Math.min(width, area.width));
  return [
    { ...area, width: first },
    { ...area, left: area.left + first, width: area.width - first },
  ];
}

/** Lines and nothing else. */
export function textPicture(area: Area, lines: readonly Line[]): Picture {
  return {
    panels: [{ type: 'text', area, title: null, isActive: false, lines }],
    targets: [],
    caret: null,
  };
}
