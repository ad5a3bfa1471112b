/** Deploying, second step: a group, several hosts, or one. */

import type { HostView } from '../../../lib/model/host.ts';
import type { HostId, ImageId } from '../../../lib/model/ids.ts';
import type { GroupView } from '../../../lib/protocol/operator-api.ts';
import { layoutOf } from '../../layout.ts';
import type { Model } from '../../model.ts';
import { hostsOf } from '../../parts/chosen-hosts.ts';
import { conditionSpan } from '../../parts/host-condition.ts';
import {
  ALL_HOSTS,
  filterCommands,
  filteredHosts,
  filterSpans,
  isRunning,
  typeFilter,
  typingCommands,
  type HostFilter,
} from '../../parts/host-filter.ts';
import { whyNotDeployTo, whyNotWork } from '../../parts/host-work.ts';
import {
  entryAt,
  FIRST_PLACE,
  placeAfter,
  placeIn,
  type Listed,
  type Place,
} from '../../parts/place.ts';
import { tableRows, tableView, widthFor, type Column } from '../../parts/table-view.ts';
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
import { stay, type Command, type Screen } from '../../screen.ts';
import { signsOf } from '../../signs.ts';
import { textsOf } from '../../text/catalogue.ts';
import { deployDiskScreen } from './disk.ts';
import { imageOf } from './plan.ts';

type Row =
  | { readonly type: 'group'; readonly group: GroupView; readonly hosts: readonly HostView[] }
  | { readonly type: 'host'; readonly host: HostView };

type TargetsState = {
  readonly place: Place;
  readonly marked: ReadonlySet<HostId>;
  readonly filter: HostFilter;
};

const LIST = 'deploy-targets';
const START: TargetsState = { place: FIRST_PLACE, marked: new Set(), filter: ALL_HOSTS };

export function deployTargetsScreen(imageId: ImageId, state: TargetsState = START): Screen {
  const at = (change: Partial<TargetsState>): Screen =>
    deployTargetsScreen(imageId, { ...state, ...change });
  const screen: Screen = {
    name: LIST,
    isDialog: false,
    isTyping: state.filter.isTyping,
    title: (model) => {
      const name = imageOf({ imageId }, model)?.image.name ?? '';
      return textsOf(model.language).deploy.targetsTitle(name);
    },
    commands: (model) =>
      state.filter.isTyping
        ? typingCommands(state.filter, model, (filter) => at({ filter, place: FIRST_PLACE }))
        : commandsFor(imageId, state, model, screen),
    react: (event, model) => {
      if (event.type === 'key') {
        const filter = typeFilter(state.filter, event.key);
        if (filter !== null) return stay(at({ filter, place: FIRST_PLACE }));
      }
      const [, table] = splitRows(layoutOf(model).body, 1);
      const place = placeAfter(state.place, event, listedIn(state, model), tableRows(table));
      return stay(place === null ? screen : at({ place }));
    },
    view: (model, area) => view(state, model, area),
  };
  return screen;
}

/** Groups first: most deployments go to one; empty ones last. A filter leaves hosts alone. */
function listedIn({ filter }: TargetsState, model: Model): Listed<Row> {
  const hosts = filteredHosts(filter, model).map((host): Row => ({ type: 'host', host }));
  const isFiltered = filter.scope.type !== 'all' || filter.text.text !== '';
  return {
    list: LIST,
    rows: [...(isFiltered ? [] : groupRows(model)), ...hosts],
    keyOf: (row) => (row.type === 'group' ? row.group.id : row.host.id),
  };
}

function groupRows(model: Model): readonly Row[] {
  const rows = model.groups.map((group) => {
    const ids = group.hosts.map(({ id }) => id);
    return { type: 'group', group, hosts: hostsOf(ids, model) } as const;
  });
  return rows.toSorted(
    (one, other) => Number(other.hosts.length > 0) - Number(one.hosts.length > 0),
  );
}

function hostsIn(row: Row): readonly HostView[] {
  return row.type === 'group' ? row.hosts : [row.host];
}

/** What is marked, else what the cursor is on. */
function chosenHosts(state: TargetsState, model: Model): readonly HostView[] {
  const marked = filteredHosts(ALL_HOSTS, model).filter(({ id }) => state.marked.has(id));
  if (marked.length > 0) return marked;
  const row = entryAt(state.place, listedIn(state, model));
  return row === null ? [] : hostsIn(row);
}

function commandsFor(
  imageId: ImageId,
  state: TargetsState,
  model: Model,
  screen: Screen,
): Command[] {
  const { deploy: texts, hosts: words, common } = textsOf(model.language);
  const listed = listedIn(state, model);
  const row = entryAt(state.place, listed);
  const chosen = chosenHosts(state, model);
  const none = row === null ? words.empty : null;
  return [
    {
      name: 'next',
      keys: ['enter'],
      label: texts.next,
      help: texts.targetsHelp,
      whyNot: none ?? whyNotDeployTo(chosen),
      run: () =>
        stay(screen, {
          type: 'push',
          screen: deployDiskScreen({ imageId, hostIds: chosen.map(({ id }) => id) }),
        }),
    },
    {
      name: 'mark',
      keys: ['space'],
      label: words.mark,
      help: texts.markHelp,
      whyNot: row === null ? words.empty : whyNotDeployTo(hostsIn(row)),
      run: () => {
        if (row === null) return stay(screen);
        const index = Math.min(listed.rows.length - 1, placeIn(state.place, listed, 1).index + 1);
        const marked = toggled(state.marked, hostsIn(row));
        const place = { ...state.place, index, key: null };
        return stay(deployTargetsScreen(imageId, { ...state, marked, place }));
      },
    },
    {
      name: 'mark-all',
      keys: ['a'],
      label: words.markAll,
      help: words.markAllHelp,
      whyNot: none,
      run: () => {
        const shown = listed.rows.flatMap((each) =>
          each.type === 'host' && whyNotWork([each.host]) === null ? [each.host] : [],
        );
        return stay(
          deployTargetsScreen(imageId, { ...state, marked: toggled(state.marked, shown) }),
        );
      },
    },
    ...filterCommands(state.filter, model, screen, (filter) =>
      deployTargetsScreen(imageId, { ...state, filter, place: FIRST_PLACE }),
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

/** All of them marked, or none when they all were. */
function toggled(marked: ReadonlySet<HostId>, hosts: readonly HostView[]): ReadonlySet<HostId> {
  const isAll = hosts.every(({ id }) => marked.has(id));
  const next = new Set(marked);
  for (const { id } of hosts) {
    if (isAll) next.delete(id);
    else next.add(id);
  }
  return next;
}

function view(state: TargetsState, model: Model, area: Area): Picture {
  const texts = textsOf(model.language).deploy;
  const listed = listedIn(state, model);
  const [head, body] = splitRows(area, 1);
  const marked = model.hosts.filter(({ id }) => state.marked.has(id));
  const off = marked.filter((host) => !isRunning(host)).length;
  const summary = span(
    ` ${marked.length === 0 ? texts.targetsHead : texts.targetsMarked(marked.length, off)}`,
  );
  const { spans, caret } = filterSpans(state.filter, model);
  const headLine = fillLine(line(summary, ...spans), head.width, signsOf(model).cut);
  return stack(
    tableView(
      {
        list: LIST,
        columns: columns(listed.rows, model),
        rows: listed.rows,
        cursor: placeIn(state.place, listed, tableRows(body)),
        isMarked: (row) => {
          const hosts = hostsIn(row);
          return hosts.length > 0 && hosts.every(({ id }) => state.marked.has(id));
        },
        empty: [textsOf(model.language).hosts.noneShown],
      },
      model,
      body,
    ),
    {
      panels: [{ type: 'text', area: head, title: null, isActive: false, lines: [headLine] }],
      targets: [],
      caret:
        caret === null ? null : { row: head.top, column: head.left + lineWidth([summary]) + caret },
    },
  );
}

function columns(rows: readonly Row[], model: Model): Column<Row>[] {
  const { deploy: texts, hosts: words } = textsOf(model.language);
  const nameOf = (row: Row): string =>
    row.type === 'group' ? texts.groupRow(row.group.name) : row.host.name;
  return [
    {
      title: words.name,
      width: widthFor(rows.map(nameOf), 12, 34),
      cell: (row) => span(nameOf(row), row.type === 'group' ? 'strong' : 'plain'),
    },
    {
      title: words.state,
      width: 'rest',
      cell: (row) => {
        if (row.type === 'host') return conditionSpan(row.host, model);
        const off = row.hosts.filter((host) => !isRunning(host)).length;
        const reason = row.hosts.length === 0 ? null : whyNotWork(row.hosts);
        return reason === null
          ? span(texts.groupHosts(row.hosts.length, off), off > 0 ? 'warn' : 'plain')
          : span(reason, 'bad');
      },
    },
    {
      title: words.group,
      width: 18,
      cell: (row) => (row.type === 'host' ? (row.host.groupName ?? '-') : ''),
    },
  ];
}
