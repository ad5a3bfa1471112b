/** The host list: filter, sort, mark, act. */

import { formatBytes } from '../../lib/format.ts';
import type { HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Model } from '../model.ts';
import { edit, lineEditor, visiblePart, type LineEditor } from '../parts/line-editor.ts';
import { keepVisible, LIST_START, moveCursor, type ListCursor } from '../parts/list-cursor.ts';
import { tableRows, tableView, widthFor, type Column } from '../parts/table-view.ts';
import {
  fillLine,
  line,
  span,
  splitRows,
  stack,
  type Area,
  type Picture,
  type Span,
} from '../picture.ts';
import { stay, type Command, type Reaction, type Screen } from '../screen.ts';
import { signsOf } from '../signs.ts';
import { stateSpan } from '../parts/host-state.ts';
import { textsOf, type Texts } from '../text/catalogue.ts';

const SORTS = ['name', 'state', 'group', 'address', 'seen'] as const;
type Sort = (typeof SORTS)[number];

type HostsState = {
  readonly cursor: ListCursor;
  readonly marked: ReadonlySet<HostId>;
  readonly filter: LineEditor;
  readonly isFiltering: boolean;
  readonly sort: Sort;
};

const START: HostsState = {
  cursor: LIST_START,
  marked: new Set(),
  filter: lineEditor(),
  isFiltering: false,
  sort: 'name',
};

export function hostsScreen(state: HostsState = START): Screen {
  const screen: Screen = {
    name: 'hosts',
    isDialog: false,
    isTyping: state.isFiltering,
    title: (model) => textsOf(model.language).hosts.title,
    commands: (model) => (state.isFiltering ? filterCommands(state) : commandsOf(state, model)),
    react: (event, model) => {
      if (event.type === 'click' && event.click.type === 'row') {
        return changed(state, { cursor: { ...state.cursor, index: event.click.index } });
      }
      if (event.type === 'wheel') {
        const index = state.cursor.index + event.delta;
        return changed(state, {
          cursor: keepVisible(
            { ...state.cursor, index },
            shownHosts(state, model).length,
            rowsOf(model),
          ),
        });
      }
      if (event.type !== 'key') return stay(screen);
      if (state.isFiltering) {
        const filter = edit(state.filter, event.key, 60);
        return filter === null ? stay(screen) : changed(state, { filter, cursor: LIST_START });
      }
      const cursor = moveCursor(
        state.cursor,
        event.key,
        shownHosts(state, model).length,
        rowsOf(model),
      );
      return cursor === null ? stay(screen) : changed(state, { cursor });
    },
    view: (model, area) => view(state, model, area),
  };
  return screen;
}

/** The hosts that actions are about: the marked ones, or the one under the cursor. */
export function chosenHosts(
  state: Pick<HostsState, 'marked' | 'cursor' | 'filter' | 'sort'>,
  model: Model,
): HostView[] {
  const shown = shownHosts(state, model);
  const marked = model.hosts.filter(({ id }) => state.marked.has(id));
  const [current] = shown.slice(state.cursor.index, state.cursor.index + 1);
  return marked.length > 0 || current === undefined ? marked : [current];
}

function changed(state: HostsState, change: Partial<HostsState>): Reaction {
  return stay(hostsScreen({ ...state, ...change }));
}

function commandsOf(state: HostsState, model: Model): Command[] {
  const { hosts: texts, common } = textsOf(model.language);
  const shown = shownHosts(state, model);
  const none = shown.length === 0 ? texts.empty : null;
  return [
    {
      name: 'mark',
      keys: ['space'],
      label: texts.mark,
      help: texts.markHelp,
      whyNot: none,
      run: () => {
        const [host] = shown.slice(state.cursor.index, state.cursor.index + 1);
        const marked = new Set(state.marked);
        if (host !== undefined && !marked.delete(host.id)) marked.add(host.id);
        const index = Math.min(state.cursor.index + 1, shown.length - 1);
        return changed(state, {
          marked,
          cursor: keepVisible({ ...state.cursor, index }, shown.length, rowsOf(model)),
        });
      },
    },
    {
      name: 'mark-all',
      keys: ['a'],
      label: texts.markAll,
      help: texts.markAllHelp,
      whyNot: none,
      run: () => {
        const all = shown.every(({ id }) => state.marked.has(id));
        return changed(state, { marked: new Set(all ? [] : shown.map(({ id }) => id)) });
      },
    },
    {
      name: 'filter',
      keys: ['/'],
      label: texts.filter,
      help: texts.filterHelp,
      whyNot: null,
      run: () => changed(state, { isFiltering: true }),
    },
    {
      name: 'sort',
      keys: ['s'],
      label: texts.sort,
      help: texts.sortHelp,
      whyNot: none,
      run: () =>
        changed(state, { sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length] ?? 'name' }),
    },
    {
      name: 'move',
      keys: ['up', 'down'],
      label: common.move,
      help: common.moveHelp,
      whyNot: null,
      isQuiet: true,
      isOnlyHelp: true,
      run: () => changed(state, {}),
    },
  ];
}

/** While the filter is typed: Enter keeps it, Esc drops it. */
function filterCommands(state: HostsState): Command[] {
  return [
    {
      name: 'keep-filter',
      keys: ['enter', 'down'],
      label: 'OK',
      help: 'Keeps the filter.',
      whyNot: null,
      run: () => changed(state, { isFiltering: false }),
    },
    {
      name: 'drop-filter',
      keys: ['escape'],
      label: 'no filter',
      help: 'Shows all hosts again.',
      whyNot: null,
      run: () => changed(state, { isFiltering: false, filter: lineEditor() }),
    },
  ];
}
function rowsOf(model: Model): number {
  return Math.max(1, model.area.height - 6);
}

const shownCache = new WeakMap<readonly HostView[], Map<string, HostView[]>>();

/** Filtered and sorted; 10,000 hosts are sorted once per list, filter and order, not once per key. */
function shownHosts(
  { filter, sort }: Pick<HostsState, 'filter' | 'sort'>,
  { hosts }: Model,
): HostView[] {
  const key = `${sort} ${filter.text}`;
  const known = shownCache.get(hosts) ?? new Map<string, HostView[]>();
  shownCache.set(hosts, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  const wanted = filter.text.toLowerCase();
  const shown = hosts
    .filter((host) => wanted === '' || haystack(host).includes(wanted))
    .sort((one, other) => COLLATOR.compare(sortKey(one, sort), sortKey(other, sort)));
  known.set(key, shown);
  return shown;
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

function haystack(host: HostView): string {
  return [host.name, host.state, host.groupName, host.address, host.ipAddress, host.mac]
    .join(' ')
    .toLowerCase();
}

function sortKey(host: HostView, sort: Sort): string {
  switch (sort) {
    case 'name':
      return host.name;
    case 'state':
      return `${host.state} ${host.name}`;
    case 'group':
      return `${host.groupName ?? '~'} ${host.name}`;
    case 'address':
      return host.address ?? host.ipAddress ?? '~';
    case 'seen':
      return host.lastSeenAt ?? '';
  }
}

function view(state: HostsState, model: Model, area: Area): Picture {
  const { hosts: texts } = textsOf(model.language);
  const shown = shownHosts(state, model);
  const [head, body] = splitRows(area, 1);
  const summary = texts.shown(shown.length, model.hosts.length, state.marked.size);
  const part = visiblePart(state.filter, 30);
  const filter: Span[] =
    state.isFiltering || state.filter.text !== ''
      ? [span('   /', 'key'), span(part.text, 'strong')]
      : [];
  const headLine = fillLine(line(span(` ${summary}`), ...filter), head.width, signsOf(model).cut);
  const heading: Picture = {
    panels: [{ type: 'text', area: head, title: null, isActive: false, lines: [headLine] }],
    targets: [],
    caret: state.isFiltering
      ? { row: head.top, column: head.left + 1 + summary.length + 4 + part.caret }
      : null,
  };
  const table = tableView(
    {
      list: 'hosts',
      columns: columnsFor(texts, model, shown, area.width),
      rows: shown,
      cursor: keepVisible(state.cursor, shown.length, tableRows(body)),
      isMarked: ({ id }) => state.marked.has(id),
      empty: [texts.empty, texts.emptyHint],
    },
    model,
    body,
  );
  return stack(table, heading);
}

function columnsFor(
  texts: Texts['hosts'],
  model: Model,
  shown: readonly HostView[],
  width: number,
): Column<HostView>[] {
  const isWide = width >= 110;
  const name: Column<HostView> = {
    title: texts.name,
    width: widthFor(
      shown.map((host) => host.name),
      8,
      isWide ? 30 : 18,
    ),
    cell: (host) => host.name,
  };
  const rest: Column<HostView>[] = isWide
    ? [
        { title: texts.mac, width: 17, cell: (host) => host.mac },
        {
          title: texts.disks,
          width: 'rest',
          cell: (host) =>
            (host.systemInfo?.disks ?? [])
              .map(({ sizeBytes }) => formatBytes(sizeBytes))
              .join(', '),
        },
      ]
    : [];
  return [
    name,
    { title: texts.state, width: 14, cell: (host) => stateSpan(host, model) },
    { title: texts.group, width: isWide ? 20 : 'rest', cell: (host) => host.groupName ?? '-' },
    { title: texts.address, width: 15, cell: (host) => host.address ?? host.ipAddress ?? '-' },
    ...rest,
  ];
}
