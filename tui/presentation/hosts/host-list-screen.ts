/** A screen that is a table of hosts to choose from: filter, order and marks; what is done with them comes from its description. */

import type { HostView } from '../../../lib/model/host.ts';
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
import { stay, type Command, type Reaction, type Screen } from '../../screen.ts';
import { glyphsOf } from '../../glyphs.ts';
import { openedBy } from '../../components/double-click.ts';
import { escClears } from './esc-clears.ts';
import {
  ALL_HOSTS,
  filterCommands,
  filterSpans,
  isFiltered,
  typeFilter,
  typingCommands,
  type HostFilter,
} from './host-filter.ts';
import { areMarked, NONE_MARKED, type MarkedList } from './host-marks.ts';
import { moveCommand } from '../../components/move-command.ts';
import {
  TOP,
  moveSelection,
  resolveSelection,
  type ListSource,
} from '../../components/selection.ts';
import { tableRows, tableView, type Column } from '../../components/table-view.ts';

export type HostListState = MarkedList & { readonly filter: HostFilter };

export const ALL_UNMARKED: HostListState = {
  place: TOP,
  marked: NONE_MARKED,
  filter: ALL_HOSTS,
};

export type HostListScreen<Row> = {
  readonly title: (model: Model) => string;
  readonly state: HostListState;
  /** This screen in another state. */
  readonly at: (state: HostListState) => Screen;
  /** Its name in clicks is that of the screen. */
  readonly listed: (model: Model) => ListSource<Row>;
  readonly hostsIn: (row: Row) => readonly HostView[];
  readonly columns: (rows: readonly Row[], model: Model, width: number) => readonly Column<Row>[];
  /** What stands before the filter in the line above the table. */
  readonly head: (rows: readonly Row[], model: Model) => string;
  /** What stands there when there are no rows. */
  readonly empty: (model: Model) => readonly string[];
  /** Without those of the filter; a double click runs 'open', where there is one. */
  readonly commands: (model: Model, screen: Screen) => readonly Command[];
};

export function hostListScreen<Row>(name: string, list: HostListScreen<Row>): Screen {
  const { state, at } = list;
  const filtered = (filter: HostFilter): Screen => at({ ...state, filter, place: TOP });
  const screen: Screen = {
    name,
    isDialog: false,
    isTyping: state.filter.isTyping,
    title: list.title,
    commands: (model) =>
      state.filter.isTyping
        ? typingCommands(state.filter, model, (filter) => at({ ...state, filter }))
        : [
            ...list.commands(model, screen),
            ...filterCommands(state.filter, model, screen, filtered),
            ...escClears(
              {
                marks: state.marked.size === 0 ? null : at({ ...state, marked: NONE_MARKED }),
                filter: isFiltered(state.filter)
                  ? filtered({ ...ALL_HOSTS, sort: state.filter.sort })
                  : null,
              },
              model,
            ),
            moveCommand(model, screen),
          ],
    react: (event, model): Reaction => {
      if (event.type === 'key') {
        const filter = typeFilter(state.filter, event.key);
        if (filter !== null) return stay(filtered(filter));
      }
      const [, table] = splitRows(layoutOf(model).body, 1);
      const place = moveSelection(state.place, event, list.listed(model), tableRows(table));
      return place === null ? stay(screen) : openedBy(event, at({ ...state, place }), model);
    },
    view: (model, area) => view(list, model, area),
  };
  return screen;
}

function view<Row>(list: HostListScreen<Row>, model: Model, area: Area): Picture {
  const { place, marked, filter } = list.state;
  const listed = list.listed(model);
  const [head, body] = splitRows(area, 1);
  const summary = span(` ${list.head(listed.rows, model)}`);
  const { spans, caret } = filterSpans(filter, model);
  const headLine = fillLine(line(summary, ...spans), head.width, glyphsOf(model).cut);
  const table = tableView(
    {
      list: listed.list,
      columns: list.columns(listed.rows, model, area.width),
      rows: listed.rows,
      cursor: resolveSelection(place, listed, tableRows(body)),
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
