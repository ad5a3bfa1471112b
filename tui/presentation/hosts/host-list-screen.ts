/** A screen that is a table of hosts to choose from: filter, order and marks; what is done with them comes from its description. */

import type { HostView } from '../../../lib/model/host.ts';
import { openedBy } from '../../components/double-click.ts';
import { moveCommand } from '../../components/move-command.ts';
import { moveSelection, resolveSelection, type ListSource } from '../../values/selection.ts';
import { tableRows, tableView, type Column } from '../../components/table-view.ts';
import { glyphsOf } from '../../glyphs.ts';
import { layoutOf } from '../../layout.ts';
import type { Model } from '../../model.ts';
import {
  fillLine,
  line,
  lineWidth,
  span,
  splitRows,
  stack,
  type Area,
  type Picture,
} from '../../picture.ts';
import { perform, reaction, type Command, type ScreenKind } from '../../screen.ts';
import { escClears } from './esc-clears.ts';
import {
  filterCommands,
  filtered,
  filterSpans,
  isFiltered,
  typeFilter,
  typingCommands,
} from './host-filter.ts';
import { NONE_MARKED, ALL_HOSTS, type HostListState } from '../../values/host-list-state.ts';
import { areMarked, countMarked } from './host-marks.ts';

export type HostListScreen<Row, State> = {
  readonly title: (state: State, model: Model) => string;
  readonly listed: (state: State, model: Model) => ListSource<Row>;
  readonly hostsIn: (row: Row) => readonly HostView[];
  readonly columns: (rows: readonly Row[], model: Model, width: number) => readonly Column<Row>[];
  /** What stands before the filter in the line above the table. */
  readonly head: (rows: readonly Row[], model: Model, state: State) => string;
  /** What stands there when there are no rows. */
  readonly empty: (model: Model) => readonly string[];
  /** Without those of the filter; a double click runs 'open', where there is one. */
  readonly commands: (state: State, model: Model) => readonly Command<State>[];
};

export function hostListScreen<Row, State extends HostListState>(
  list: HostListScreen<Row, State>,
): ScreenKind<State> {
  const commands = (state: State, model: Model): readonly Command<State>[] =>
    state.filter.isTyping
      ? typingCommands(state, model)
      : [
          ...list.commands(state, model),
          ...filterCommands(state, model),
          ...escClears(
            {
              marks: countMarked(state.marked) === 0 ? null : { ...state, marked: NONE_MARKED },
              filter: isFiltered(state.filter)
                ? filtered(state, { ...ALL_HOSTS, sort: state.filter.sort })
                : null,
            },
            model,
          ),
          moveCommand(model),
        ];
  return {
    isTyping: ({ filter }) => filter.isTyping,
    title: list.title,
    commands,
    update: (state, event, model) => {
      if (event.type === 'group-chosen') {
        const { groupId } = event;
        return reaction(filtered(state, { scope: { type: 'group', groupId } }));
      }
      const filter = event.type === 'key' ? typeFilter(state.filter, event.key) : null;
      if (filter !== null) return reaction(filtered(state, filter));
      const [, table] = splitRows(layoutOf(model).body, 1);
      const listed = list.listed(state, model);
      const selection = moveSelection(state.selection, event, listed, tableRows(table));
      if (selection === null) return perform();
      const next = { ...state, selection };
      return openedBy(event, next, () => commands(next, model));
    },
    view: (state, model, area) => viewList(list, state, model, area),
  };
}

function viewList<Row, State extends HostListState>(
  list: HostListScreen<Row, State>,
  state: State,
  model: Model,
  area: Area,
): Picture {
  const { selection, marked, filter } = state;
  const listed = list.listed(state, model);
  const [head, body] = splitRows(area, 1);
  const summary = span(` ${list.head(listed.rows, model, state)}`);
  const { spans, caret } = filterSpans(filter, model);
  const headLine = fillLine(line(summary, ...spans), head.width, glyphsOf(model).cut);
  const table = tableView(
    {
      list: listed.list,
      columns: list.columns(listed.rows, model, area.width),
      rows: listed.rows,
      cursor: resolveSelection(selection, listed, tableRows(body)),
      isMarked: (row) => areMarked(list.hostsIn(row), marked),
      empty: list.empty(model),
    },
    model,
    body,
  );
  return stack(table, {
    panels: [{ type: 'text', area: head, title: null, isActive: false, lines: [headLine] }],
    targets: [],
    caret:
      caret === null ? null : { row: head.top, column: head.left + lineWidth([summary]) + caret },
  });
}
