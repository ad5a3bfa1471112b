/** Putting a task together, first step: a group, several hosts, or one. */

import { whyNot } from '../../../lib/model/capability.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import type { GroupView } from '../../../lib/protocol/operator-api.ts';
import type { Model } from '../../model.ts';
import { hostsOf } from '../../parts/chosen-hosts.ts';
import { conditionSpan } from '../../parts/host-condition.ts';
import { whyNotWork } from '../../parts/host-work.ts';
import { listScreen } from '../../parts/list-screen.ts';
import { FIRST_PLACE, type Place } from '../../parts/place.ts';
import { widthFor, type Column } from '../../parts/table-view.ts';
import { line, span } from '../../picture.ts';
import { stay, type Action, type Command, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { taskEditorScreen } from './editor.ts';
import { newPlan } from './plan.ts';

type Row =
  | { readonly type: 'group'; readonly group: GroupView; readonly hosts: readonly HostView[] }
  | { readonly type: 'host'; readonly host: HostView };

type State = { readonly place: Place; readonly marked: ReadonlySet<HostId> };

/** The editor; without `hostIds` it asks for the hosts first. */
export function openNewTask(hostIds: readonly HostId[] | null = null): readonly Action[] {
  const screen = hostIds === null ? taskHostsScreen() : taskEditorScreen(newPlan(hostIds));
  return [{ type: 'push', screen }];
}

export function taskHostsScreen(state: State = { place: FIRST_PLACE, marked: new Set() }): Screen {
  return listScreen<Row>({
    name: 'task-hosts',
    title: ({ language }) => textsOf(language).newTask.hostsTitle,
    place: state.place,
    at: (place) => taskHostsScreen({ ...state, place }),
    rows: rowsIn,
    keyOf: (row) => (row.type === 'group' ? row.group.id : row.host.id),
    columns,
    head: (_, { language }) => {
      const texts = textsOf(language).newTask;
      const { size } = state.marked;
      return line(` ${size === 0 ? texts.hostsHead : texts.hostsMarked(size)}`);
    },
    empty: ({ language }) => [textsOf(language).newTask.noHosts],
    isMarked: (row) => isMarked(row, state),
    commands: (row, model, screen) => commandsFor(row, state, model, screen),
  });
}

const cache = new WeakMap<Model['hosts'], { readonly of: Model['groups']; readonly rows: Row[] }>();

/** Groups first. Made once per list: this may be thousands. */
function rowsIn(model: Model): readonly Row[] {
  const known = cache.get(model.hosts);
  if (known?.of === model.groups) return known.rows;
  const rows: Row[] = [
    ...model.groups.map((group): Row => {
      const ids = group.hosts.map(({ id }) => id);
      return { type: 'group', group, hosts: hostsOf(ids, model) };
    }),
    ...model.hosts.map((host): Row => ({ type: 'host', host })),
  ];
  cache.set(model.hosts, { of: model.groups, rows });
  return rows;
}

function hostsIn(row: Row): readonly HostView[] {
  return row.type === 'group' ? row.hosts : [row.host];
}

function isMarked(row: Row, { marked }: State): boolean {
  const hosts = hostsIn(row);
  return hosts.length > 0 && hosts.every(({ id }) => marked.has(id));
}

function whyNotTake(hosts: readonly HostView[]): string | null {
  return whyNot('group.deploy', { hosts: hosts.length }) ?? whyNotWork(hosts);
}

function commandsFor(row: Row | null, state: State, model: Model, screen: Screen): Command[] {
  const texts = textsOf(model.language).newTask;
  const { marked } = state;
  const chosen = marked.size > 0 ? hostsOf([...marked], model) : row === null ? [] : hostsIn(row);
  return [
    {
      name: 'next',
      keys: ['enter'],
      label: texts.next,
      help: texts.nextHelp,
      whyNot: row === null ? texts.noHosts : whyNotTake(chosen),
      run: () => {
        const plan = newPlan(chosen.map(({ id }) => id));
        return stay(screen, { type: 'push', screen: taskEditorScreen(plan) });
      },
    },
    {
      name: 'mark',
      keys: ['space'],
      label: texts.mark,
      help: texts.markHelp,
      whyNot: row === null ? texts.noHosts : whyNotTake(hostsIn(row)),
      run: () => {
        if (row === null) return stay(screen);
        const next = new Set(marked);
        for (const { id } of hostsIn(row)) {
          if (isMarked(row, state)) next.delete(id);
          else next.add(id);
        }
        const index = Math.min(rowsIn(model).length - 1, state.place.index + 1);
        return stay(taskHostsScreen({ marked: next, place: { ...state.place, index, key: null } }));
      },
    },
  ];
}

function columns(rows: readonly Row[], model: Model): Column<Row>[] {
  const texts = textsOf(model.language).newTask;
  const nameOf = (row: Row): string =>
    row.type === 'group' ? texts.groupRow(row.group.name) : row.host.name;
  return [
    {
      title: texts.name,
      width: widthFor(rows.map(nameOf), 12, 34),
      cell: (row) => span(nameOf(row), row.type === 'group' ? 'strong' : 'plain'),
    },
    {
      title: texts.state,
      width: 'rest',
      cell: (row) => {
        if (row.type === 'host') return conditionSpan(row.host, model);
        const reason = row.hosts.length === 0 ? null : whyNotWork(row.hosts);
        return reason === null ? texts.groupHosts(row.hosts.length) : span(reason, 'bad');
      },
    },
    {
      title: texts.group,
      width: 18,
      cell: (row) => (row.type === 'host' ? (row.host.groupName ?? '-') : ''),
    },
  ];
}
