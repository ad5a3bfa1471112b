/** A screen that is one table: cursor, clicks and a line above it; what it is about comes from its description. */

import type { ScreenEvent } from '../events.ts';
import type { Model } from '../model.ts';
import { layoutOf } from '../layout.ts';
import { fillLine, splitRows, stack, textPicture, type Area, type Line } from '../picture.ts';
import { perform, type Command, type Reaction, type ScreenKind } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { openedBy } from './double-click.ts';
import { moveCommand } from './move-command.ts';
import {
  entryAt,
  moveSelection,
  resolveSelection,
  type ListSource,
  type Selection,
} from '../values/selection.ts';
import { tableRows, tableView, type Column } from './table-view.ts';

export type ListScreen<Row, State> = {
  /** Its name in clicks. */
  readonly list: string;
  readonly title: (state: State, model: Model) => string;
  readonly rows: (model: Model, state: State) => readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: (
    rows: readonly Row[],
    model: Model,
    width: number,
    state: State,
  ) => readonly Column<Row>[];
  readonly head: (rows: readonly Row[], model: Model, state: State) => Line;
  /** More lines above the table. */
  readonly subheads?: (model: Model) => readonly Line[];
  /** What stands there when there are no rows. */
  readonly empty: (model: Model, state: State) => readonly string[];
  readonly isMarked?: (row: Row, state: State) => boolean;
  /** About the entry under the cursor, in the room below a table of few rows; `width` cells wide. */
  readonly below?: (entry: Row, model: Model, width: number, state: State) => readonly Line[];
  /** What events do that are none of the list's; null: nothing, the list takes them. */
  readonly heard?: (event: ScreenEvent, model: Model, state: State) => Reaction<State> | null;
  /** `entry` is what the cursor is on; a double click does what Enter does. */
  readonly commands: (entry: Row | null, model: Model, state: State) => readonly Command<State>[];
};

export function listScreen<Row, State extends { readonly selection: Selection }>(
  list: ListScreen<Row, State>,
): ScreenKind<State> {
  const source = (state: State, model: Model): ListSource<Row> => ({
    list: list.list,
    rows: list.rows(model, state),
    keyOf: list.keyOf,
  });
  const commands = (state: State, model: Model): readonly Command<State>[] => [
    ...list.commands(entryAt(state.selection, source(state, model)), model, state),
    moveCommand(model),
  ];
  return {
    title: list.title,
    commands,
    update: (state, event, model) => {
      const heard = list.heard?.(event, model, state) ?? null;
      if (heard !== null) return heard;
      const shown = tableRows(partsOf(list, state, model, layoutOf(model).body).table);
      const selection = moveSelection(state.selection, event, source(state, model), shown);
      if (selection === null) return perform();
      const next = { ...state, selection };
      return openedBy(
        event,
        next,
        () => commands(next, model),
        ({ keys }) => keys.includes('enter'),
      );
    },
    view: (state, model, area) => {
      const rows = list.rows(model, state);
      const { above, table, below } = partsOf(list, state, model, area);
      const cursor = resolveSelection(state.selection, source(state, model), tableRows(table));
      const heads = [list.head(rows, model, state), ...(list.subheads?.(model) ?? [])].map((each) =>
        fillLine(each, above.width, glyphsOf(model).cut),
      );
      const entry = entryAt(state.selection, source(state, model));
      const about = entry === null ? [] : (list.below?.(entry, model, below.width, state) ?? []);
      const { isMarked } = list;
      return stack(
        textPicture(above, heads),
        textPicture(below, about),
        tableView(
          {
            list: list.list,
            columns: list.columns(rows, model, area.width, state),
            rows,
            cursor,
            isMarked: isMarked === undefined ? null : (row) => isMarked(row, state),
            empty: list.empty(model, state),
          },
          model,
          table,
        ),
      );
    },
  };
}

/** With more rows than these the table scrolls, where something stands below it. */
const MOST_ROWS = 6;

function partsOf<Row, State>(
  { rows, subheads, below: isParted }: ListScreen<Row, State>,
  state: State,
  model: Model,
  area: Area,
): { readonly above: Area; readonly table: Area; readonly below: Area } {
  const [above, rest] = splitRows(area, 1 + (subheads?.(model).length ?? 0));
  const count = Math.min(MOST_ROWS, Math.max(1, rows(model, state).length));
  // The heading of the table, and a free row.
  const [table, below] = splitRows(rest, isParted === undefined ? rest.height : count + 2);
  return { above, table, below };
}
