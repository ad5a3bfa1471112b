/** Paints pictures with blessed: one element per panel, kept from picture to picture. */

import { createRequire } from 'node:module';
import blessed from 'blessed';
import type contrib from 'blessed-contrib';
import { cut } from '../../lib/columns.ts';
import { chartLines, textLines } from '../panel-text.ts';
import type { ChartPanel, Line, Panel, Picture } from '../picture.ts';
import { tagsOf } from './styles.ts';

type Painted =
  | {
      readonly type: 'text';
      readonly element: blessed.Widgets.BoxElement;
      readonly content: string;
    }
  | { readonly type: 'chart'; readonly element: contrib.Widgets.LineElement };

export type PaintOptions = {
  /** Whether more than ASCII can be shown; charts are drawn in Braille dots then. */
  readonly unicode: boolean;
  /** 0, 8, 16 or 256. */
  readonly colours: number;
};

/** Keeps the elements of the last picture: making new ones each time would leak (destroy(), docs/field-notes.md). */
export class Painter {
  readonly #screen: blessed.Widgets.Screen;
  readonly #options: PaintOptions;
  #painted: readonly Painted[] = [];

  constructor(screen: blessed.Widgets.Screen, options: PaintOptions) {
    this.#screen = screen;
    this.#options = options;
  }

  paint({ panels, caret }: Picture): void {
    const rest = this.#painted.slice(panels.length);
    for (const { element } of rest) element.hide();
    this.#painted = [
      ...panels.map((panel, index) => this.#paintPanel(panel, this.#painted[index])),
      ...rest,
    ];
    this.#screen.render();
    const { program } = this.#screen;
    if (caret === null) {
      program.hideCursor();
    } else {
      program.cup(caret.row, caret.column);
      program.showCursor();
    }
  }

  #paintPanel(panel: Panel, before: Painted | undefined): Painted {
    const { unicode } = this.#options;
    if (panel.type === 'chart' && unicode) {
      if (before?.type === 'chart') return this.#paintChart(panel, before.element);
      before?.element.detach();
      return this.#paintChart(panel, null);
    }
    const lines = panel.type === 'text' ? textLines(panel, unicode) : chartLines(panel, unicode);
    if (before?.type === 'text') return this.#paintText(panel, lines, before);
    before?.element.detach();
    return this.#paintText(panel, lines, null);
  }

  #paintText(
    { area }: Panel,
    lines: readonly Line[],
    before: Extract<Painted, { type: 'text' }> | null,
  ): Painted {
    const element =
      before?.element ?? blessed.box({ parent: this.#screen, tags: true, wrap: false });
    const isMoved = place(element, area);
    const content = lines.map((spans) => this.#tagged(spans)).join('\n');
    if (isMoved || before?.content !== content) element.setContent(content);
    element.show();
    element.setFront();
    return { type: 'text', element, content };
  }

  #tagged(spans: Line): string {
    return spans
      .map(({ text, style }) => {
        const tags = tagsOf(style, this.#options.colours);
        const harmless = escaped(text);
        return tags === '' ? harmless : `${tags}${harmless}{/}`;
      })
      .join('');
  }

  #paintChart(panel: ChartPanel, before: contrib.Widgets.LineElement | null): Painted {
    const element = before ?? lineChart(this.#screen, panel.decimalMark);
    const isMoved = place(element, panel.area);
    element.show();
    element.setFront();
    element.setLabel(` ${cut(panel.title, Math.max(0, panel.area.width - 6))} `);
    // contrib measures its canvas only when it is told that it was put somewhere.
    if (isMoved) element.emit('attach');
    element.setData(
      panel.series.map(({ label, values }) => ({
        title: label,
        x: values.map(() => ' '),
        y: [...values],
        style: { line: 'cyan' },
      })),
    );
    return { type: 'chart', element };
  }
}

/** blessed.escape() forgets {|}, which fills the line up, even when its braces are escaped: an empty tag parts it. */
function escaped(text: string): string {
  return blessed.escape(text).replaceAll('{open}|{close}', '{open}{bold}{/bold}|{close}');
}

function lineChart(
  screen: blessed.Widgets.Screen,
  decimalMark: string,
): contrib.Widgets.LineElement {
  const element = loadContrib().line({
    parent: screen,
    border: { type: 'line' },
    showLegend: false,
    style: { line: 'cyan', text: 'white', baseline: 'white' },
  });
  // contrib keeps two rows free below the chart for labels that we do not have: its canvas gets them in addition,
  // and what hangs out of the box is not seen. A row has four dots, a column two.
  Reflect.set(element, 'calcSize', () => {
    const width = Math.max(2, Number(element.width) * 2 - 12);
    const height = Math.max(4, Number(element.height) * 4);
    Reflect.set(element, 'canvasSize', { width, height });
  });
  if (decimalMark !== '.') element.on('attach', () => markDecimals(element, decimalMark));
  return element;
}

/** Only when there is a chart: contrib brings maps, pictures and markdown along, a fourth of the start of the UI. */
function loadContrib(): typeof contrib {
  const loaded: unknown = createRequire(import.meta.url)('blessed-contrib');
  if (!isContrib(loaded)) throw new TypeError('blessed-contrib has no lines');
  return loaded;
}

function isContrib(value: unknown): value is typeof contrib {
  return typeof value === 'object' && value !== null && 'line' in value;
}

/** contrib writes the numbers at the axis itself, with a point; being put somewhere gives it a new canvas. */
function markDecimals(element: contrib.Widgets.LineElement, mark: string): void {
  const canvas: unknown = Reflect.get(element, 'ctx');
  if (typeof canvas !== 'object' || canvas === null) return;
  const write: unknown = Reflect.get(canvas, 'fillText');
  if (typeof write !== 'function') return;
  Reflect.set(canvas, 'fillText', (text: unknown, ...place: readonly unknown[]) => {
    const number = String(text).replace('.', mark);
    Reflect.apply(write, canvas, [number, ...place]);
  });
}

/** Whether anything changed. */
function place(
  element: blessed.Widgets.BlessedElement,
  { left, top, width, height }: Panel['area'],
): boolean {
  const isSame =
    element.left === left &&
    element.top === top &&
    element.width === width &&
    element.height === height;
  if (isSame) return false;
  element.left = left;
  element.top = top;
  element.width = width;
  element.height = height;
  return true;
}
