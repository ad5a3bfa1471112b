/** A screen that is one table: cursor, clicks and a line above it; what it is about comes from its description. */

import type { Model } from '../model.ts';
import { layoutOf } from '../layout.ts';
import { fillLine, splitRows, stack, type Line, type Picture } from '../picture.ts';
import { stay, type Command, type Reaction, type Screen } from '../screen.ts';
import { signsOf } from '../signs.ts';
import { textsOf } from '../text/catalogue.ts';
import { entryAt, placeAfter, placeIn, type Listed, type Place } from './place.ts';
import { tableRows, tableView, type Column } from './table-view.ts';

export type ListScreen<Row> = {
  /** Stable; names the list too. */
  readonly name: string;
  readonly title: (model: Model) => string;
  readonly place: Place;
  /** This screen with another place. */
  readonly at: (place: Place) => Screen;
  readonly rows: (model: Model) => readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: (rows: readonly Row[], model: Model, width: number) => readonly Column<Row>[];
  readonly head: (rows: readonly Row[], model: Model) => Line;
  /** What stands there when there are no rows. */
  readonly empty: (model: Model) => readonly string[];
  readonly isMarked?: (row: Row) => boolean;
  /** `entry` is what the cursor is on; a double click does what Enter does. */
  readonly commands: (entry: Row | null, model: Model, screen: Screen) => readonly Command[];
};

export function listScreen<Row>(list: ListScreen<Row>): Screen {
  const listedIn = (model: Model): Listed<Row> => ({
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
      const shown = tableRows(tableArea(model));
      const moved = placeAfter(list.place, event, listedIn(model), shown);
      if (moved === null) return stay(screen);
      const next = list.at(moved);
      if (event.type !== 'click' || !event.isDouble) return stay(next);
      const enter = next.commands(model).find(({ keys }) => keys.includes('enter'));
      return enter?.whyNot === null ? enter.run() : stay(next);
    },
    view: (model, area): Picture => {
      const rows = list.rows(model);
      const [above, body] = splitRows(area, 1);
      const cursor = placeIn(list.place, listedIn(model), tableRows(body));
      const head = fillLine(list.head(rows, model), above.width, signsOf(model).cut);
      return stack(
        {
          panels: [{ type: 'text', area: above, title: null, isActive: false, lines: [head] }],
          targets: [],
          caret: null,
        },
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
          body,
        ),
      );
    },
  };
  return screen;
}

function tableArea(model: Model): ReturnType<typeof splitRows>[1] {
  return splitRows(layoutOf(model).body, 1)[1];
}
