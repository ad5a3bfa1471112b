/** A screen that is one table: cursor, clicks and a line above it; what it is about comes from its description. */

import type { ScreenEvent } from '../events.ts';
import type { Model } from '../model.ts';
import { layoutOf } from '../layout.ts';
import { fillLine, splitRows, stack, type Area, type Line, type Picture } from '../picture.ts';
import { stay, type Action, type Command, type Reaction, type Screen } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import {
  entryAt,
  moveSelection,
  resolveSelection,
  type ListSource,
  type Selection,
} from './selection.ts';
import { tableRows, tableView, type Column } from './table-view.ts';

export type ListScreen<Row> = {
  /** Stable; names the list too. */
  readonly name: string;
  readonly title: (model: Model) => string;
  readonly place: Selection;
  /** This screen with another place. */
  readonly at: (place: Selection) => Screen;
  readonly rows: (model: Model) => readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: (rows: readonly Row[], model: Model, width: number) => readonly Column<Row>[];
  readonly head: (rows: readonly Row[], model: Model) => Line;
  /** More lines above the table. */
  readonly subheads?: (model: Model) => readonly Line[];
  /** What stands there when there are no rows. */
  readonly empty: (model: Model) => readonly string[];
  readonly isMarked?: (row: Row) => boolean;
  /** About the entry under the cursor, in the room below a table of few rows; `width` cells wide. */
  readonly below?: (entry: Row, model: Model, width: number) => readonly Line[];
  /** What is to be done about news; the screen stays. */
  readonly heard?: (event: ScreenEvent, model: Model) => readonly Action[];
  /** `entry` is what the cursor is on; a double click does what Enter does. */
  readonly commands: (entry: Row | null, model: Model, screen: Screen) => readonly Command[];
};

export function listScreen<Row>(list: ListScreen<Row>): Screen {
  const listedIn = (model: Model): ListSource<Row> => ({
    list: list.name,
    rows: list.rows(model),
    keyOf: list.keyOf,
  });
  const screen: Screen = {
    name: list.name,
    isDialog: false,
    title: list.title,
    commands: (model) => {
      const { common } = textsOf(model.language);
      const move: Command = {
        name: 'move',
        keys: ['up', 'down'],
        label: common.move,
        help: common.moveHelp,
        whyNot: null,
        isQuiet: true,
        isOnlyHelp: true,
        run: () => stay(screen),
      };
      const own = list.commands(entryAt(list.place, listedIn(model)), model, screen);
      return [...own, move];
    },
    react: (event, model): Reaction => {
      const shown = tableRows(partsOf(list, model, layoutOf(model).body).table);
      const moved = moveSelection(list.place, event, listedIn(model), shown);
      if (moved === null) return stay(screen, ...(list.heard?.(event, model) ?? []));
      const next = list.at(moved);
      if (event.type !== 'click' || !event.isDouble) return stay(next);
      const enter = next.commands(model).find(({ keys }) => keys.includes('enter'));
      return enter?.whyNot === null ? enter.run() : stay(next);
    },
    view: (model, area): Picture => {
      const rows = list.rows(model);
      const { above, table, below } = partsOf(list, model, area);
      const cursor = resolveSelection(list.place, listedIn(model), tableRows(table));
      const heads = [list.head(rows, model), ...(list.subheads?.(model) ?? [])].map((each) =>
        fillLine(each, above.width, glyphsOf(model).cut),
      );
      const entry = entryAt(list.place, listedIn(model));
      const about = entry === null ? [] : (list.below?.(entry, model, below.width) ?? []);
      return stack(
        textPicture(above, heads),
        textPicture(below, about),
        tableView(
          {
            list: list.name,
            columns: list.columns(rows, model, area.width),
            rows,
            cursor,
            isMarked: list.isMarked ?? null,
            empty: list.empty(model),
          },
          model,
          table,
        ),
      );
    },
  };
  return screen;
}

/** With more rows than these the table scrolls, where something stands below it. */
const MOST_ROWS = 6;

function partsOf<Row>(
  { rows, subheads, below: isParted }: ListScreen<Row>,
  model: Model,
  area: Area,
): { readonly above: Area; readonly table: Area; readonly below: Area } {
  const [above, rest] = splitRows(area, 1 + (subheads?.(model).length ?? 0));
  const count = Math.min(MOST_ROWS, Math.max(1, rows(model).length));
  // The heading of the table, and a free row.
  const [table, below] = splitRows(rest, isParted === undefined ? rest.height : count + 2);
  return { above, table, below };
}

function textPicture(area: Area, lines: readonly Line[]): Picture {
  return {
    panels: [{ type: 'text', area, title: null, isActive: false, lines }],
    targets: [],
    caret: null,
  };
}
