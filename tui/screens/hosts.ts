/** The host list: filter, sort, mark, act. */

import { formatBytes } from '../../lib/format.ts';
import type { HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { conditionSpan } from '../parts/host-condition.ts';
import {
  ALL_HOSTS,
  filterCommands,
  filteredHosts,
  filterSpans,
  typeFilter,
  typingCommands,
  type HostFilter,
} from '../parts/host-filter.ts';
import { momentOf } from '../parts/moments.ts';
import {
  entryAt,
  FIRST_PLACE,
  placeAfter,
  placeIn,
  type Listed,
  type Place,
} from '../parts/place.ts';
import { tableRows, tableView, widthFor, type Column } from '../parts/table-view.ts';
import {
  fillLine,
  line,
  lineWidth,
  span,
  splitRows,
  stack,
  type Area,
  type Picture,
} from '../picture.ts';
import { stay, type Command, type Screen } from '../screen.ts';
import { signsOf } from '../signs.ts';
import { textsOf } from '../text/catalogue.ts';
import { hostActions } from './host-actions.ts';
import { addHostDialog } from './host-form.ts';
import { openHost } from './host.ts';
import { roomScreen } from './room.ts';

type HostsState = {
  readonly place: Place;
  readonly marked: ReadonlySet<HostId>;
  readonly filter: HostFilter;
};

const LIST = 'hosts';
const START: HostsState = { place: FIRST_PLACE, marked: new Set(), filter: ALL_HOSTS };

export function hostsScreen(state: HostsState = START): Screen {
  const withFilter = (filter: HostFilter): Screen => hostsScreen({ ...state, filter });
  const screen: Screen = {
    name: 'hosts',
    isDialog: false,
    isTyping: state.filter.isTyping,
    title: (model) => textsOf(model.language).hosts.title,
    commands: (model) =>
      state.filter.isTyping
        ? typingCommands(state.filter, model, withFilter)
        : commandsFor(state, model, screen),
    react: (event, model) => {
      if (event.type === 'key') {
        const filter = typeFilter(state.filter, event.key);
        if (filter !== null) return stay(hostsScreen({ ...state, filter, place: FIRST_PLACE }));
      }
      const [, table] = splitRows(layoutOf(model).body, 1);
      const place = placeAfter(state.place, event, listedIn(state, model), tableRows(table));
      if (place === null) return stay(screen);
      const next = hostsScreen({ ...state, place });
      if (event.type !== 'click' || !event.isDouble) return stay(next);
      return (
        next
          .commands(model)
          .find(({ name }) => name === 'open')
          ?.run() ?? stay(next)
      );
    },
    view: (model, area) => view(state, model, area),
  };
  return screen;
}

function listedIn({ filter }: HostsState, model: Model): Listed<HostView> {
  return { list: LIST, rows: filteredHosts(filter, model), keyOf: ({ id }) => id };
}

/** The marked hosts, also those that the filter hides, or the one under the cursor; in the order of the list. */
function chosenHosts(state: HostsState, model: Model): readonly HostView[] {
  if (state.marked.size > 0) {
    const all = filteredHosts({ ...ALL_HOSTS, sort: state.filter.sort }, model);
    const marked = all.filter(({ id }) => state.marked.has(id));
    if (marked.length > 0) return marked;
  }
  const current = entryAt(state.place, listedIn(state, model));
  return current === null ? [] : [current];
}

function commandsFor(state: HostsState, model: Model, screen: Screen): Command[] {
  const { hosts: texts, common } = textsOf(model.language);
  const { rows } = listedIn(state, model);
  const current = entryAt(state.place, listedIn(state, model));
  const none = current === null ? texts.empty : null;
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: texts.details,
      help: texts.detailsHelp,
      whyNot: none,
      run: () => stay(screen, ...(current === null ? [] : openHost(current, model))),
    },
    {
      name: 'mark',
      keys: ['space'],
      label: texts.mark,
      help: texts.markHelp,
      whyNot: none,
      run: () => stay(current === null ? screen : hostsScreen(withToggled(state, current, model))),
    },
    {
      name: 'mark-all',
      keys: ['a'],
      label: texts.markAll,
      help: texts.markAllHelp,
      whyNot: none,
      run: () => {
        const isAll = rows.every(({ id }) => state.marked.has(id));
        return stay(
          hostsScreen({ ...state, marked: new Set(isAll ? [] : rows.map(({ id }) => id)) }),
        );
      },
    },
    ...hostActions(chosenHosts(state, model), model, screen),
    {
      name: 'add',
      keys: ['n', 'insert'],
      label: texts.add,
      help: texts.addHelp,
      whyNot: null,
      run: () => stay(screen, addHostDialog(model)),
    },
    {
      name: 'room',
      keys: ['v'],
      label: texts.room,
      help: texts.roomHelp,
      whyNot: none,
      run: () =>
        stay(screen, { type: 'push', screen: roomScreen({ groupId: current?.groupId ?? null }) }),
    },
    ...filterCommands(state.filter, model, screen, (filter) =>
      hostsScreen({ ...state, filter, place: FIRST_PLACE }),
    ),
    {
      name: 'move',
      keys: ['up', 'down'],
      label: common.move,
      help: common.moveHelp,
      whyNot: null,
      isQuiet: true,
      isOnlyHelp: true,
      run: () => stay(screen),
    },
  ];
}

/** The mark of `host` turned over, the cursor on the next one. */
function withToggled(state: HostsState, host: HostView, model: Model): HostsState {
  const marked = new Set(state.marked);
  if (!marked.delete(host.id)) marked.add(host.id);
  const down = { type: 'key', key: { name: 'down', text: null } } as const;
  const [, table] = splitRows(layoutOf(model).body, 1);
  const place = placeAfter(state.place, down, listedIn(state, model), tableRows(table));
  return { ...state, marked, place: place ?? state.place };
}

function view(state: HostsState, model: Model, area: Area): Picture {
  const { hosts: texts } = textsOf(model.language);
  const listed = listedIn(state, model);
  const [head, body] = splitRows(area, 1);
  const summary = span(
    ` ${texts.shown(listed.rows.length, model.hosts.length, state.marked.size)}`,
  );
  const { spans, caret } = filterSpans(state.filter, model);
  const headLine = fillLine(line(summary, ...spans), head.width, signsOf(model).cut);
  const table = tableView(
    {
      list: LIST,
      columns: columnsFor(model, listed.rows, area.width),
      rows: listed.rows,
      cursor: placeIn(state.place, listed, tableRows(body)),
      isMarked: ({ id }) => state.marked.has(id),
      empty: model.hosts.length === 0 ? [texts.empty, texts.emptyHint] : [texts.noneShown],
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

function columnsFor(
  model: Model,
  shown: readonly HostView[],
  width: number,
): readonly Column<HostView>[] {
  const { hosts: texts, common } = textsOf(model.language);
  const isWide = width >= 110;
  const namesOf = shown.map((host) => host.name);
  const wide: readonly Column<HostView>[] = [
    { title: texts.mac, width: 17, cell: ({ mac }) => mac },
    {
      title: texts.seen,
      width: 16,
      cell: ({ lastSeenAt }) => (lastSeenAt === null ? common.never : momentOf(lastSeenAt)),
    },
    { title: texts.disks, width: 'rest', cell: diskSizes },
  ];
  return [
    { title: texts.name, width: widthFor(namesOf, 8, isWide ? 30 : 18), cell: ({ name }) => name },
    { title: texts.state, width: 15, cell: (host) => conditionSpan(host, model) },
    {
      title: texts.group,
      width: isWide ? 20 : 'rest',
      cell: ({ groupName }) => groupName ?? '-',
    },
    {
      title: texts.address,
      width: 15,
      cell: ({ address, ipAddress }) => address ?? ipAddress ?? '-',
    },
    ...(isWide ? wide : []),
  ];
}

function diskSizes({ systemInfo }: HostView): string {
  return (systemInfo?.disks ?? []).map(({ sizeBytes }) => formatBytes(sizeBytes)).join(', ');
}
