/** Putting a task together, first step: a group, several hosts, or one. */

import type { HostId } from '../../../lib/model/ids.ts';
import type { Model } from '../../model.ts';
import { hostsOf } from '../../presentation/hosts/chosen-hosts.ts';
import {
  groupOrHostColumns,
  groupRows,
  hostRow,
  hostsIn,
  keyOf,
  type GroupOrHost,
} from '../../presentation/hosts/group-or-host.ts';
import {
  areMarked,
  NONE_MARKED,
  toggledHere,
  type MarkedList,
} from '../../presentation/hosts/host-marks.ts';
import { whyNotDeployTo } from '../../presentation/hosts/host-work.ts';
import { listScreen } from '../../components/list-screen.ts';
import { TOP, type ListSource } from '../../components/selection.ts';
import type { Column } from '../../components/table-view.ts';
import { line, span } from '../../picture.ts';
import { stay, type Action, type Command, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { taskEditorScreen } from './editor.ts';
import { newPlan } from './plan.ts';

const NAME = 'task-hosts';
const START: MarkedList = { place: TOP, marked: NONE_MARKED };

/** The editor; without `hostIds` it asks for the hosts first. */
export function openNewTask(hostIds: readonly HostId[] | null = null): readonly Action[] {
  const screen = hostIds === null ? taskHostsScreen() : taskEditorScreen(newPlan(hostIds));
  return [{ type: 'push', screen }];
}

export function taskHostsScreen(state = START): Screen {
  return listScreen<GroupOrHost>({
    name: NAME,
    title: ({ language }) => textsOf(language).newTask.hostsTitle,
    place: state.place,
    at: (place) => taskHostsScreen({ ...state, place }),
    rows: rowsIn,
    keyOf,
    columns,
    head: (_, { language }) => {
      const texts = textsOf(language).newTask;
      const { size } = state.marked;
      return line(` ${size === 0 ? texts.hostsHead : texts.hostsMarked(size)}`);
    },
    empty: ({ language }) => [textsOf(language).newTask.noHosts],
    isMarked: (row) => areMarked(hostsIn(row), state.marked),
    commands: (row, model, screen) => commandsFor(row, state, model, screen),
  });
}

type Rows = readonly GroupOrHost[];
const cache = new WeakMap<Model['hosts'], { readonly of: Model['groups']; readonly rows: Rows }>();

/** Groups first. Made once per list: this may be thousands. */
function rowsIn(model: Model): Rows {
  const known = cache.get(model.hosts);
  if (known?.of === model.groups) return known.rows;
  const rows = [...groupRows(model), ...model.hosts.map(hostRow)];
  cache.set(model.hosts, { of: model.groups, rows });
  return rows;
}

function commandsFor(
  row: GroupOrHost | null,
  state: MarkedList,
  model: Model,
  screen: Screen,
): Command[] {
  const texts = textsOf(model.language).newTask;
  const { marked } = state;
  const chosen = marked.size > 0 ? hostsOf([...marked], model) : row === null ? [] : hostsIn(row);
  const listed: ListSource<GroupOrHost> = { list: NAME, rows: rowsIn(model), keyOf };
  return [
    {
      name: 'next',
      keys: ['enter'],
      label: texts.next,
      help: texts.nextHelp,
      whyNot: row === null ? texts.noHosts : whyNotDeployTo(chosen),
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
      whyNot: row === null ? texts.noHosts : whyNotDeployTo(hostsIn(row)),
      run: () => stay(taskHostsScreen(toggledHere(state, listed, hostsIn))),
    },
  ];
}

function columns(rows: Rows, model: Model): Column<GroupOrHost>[] {
  const texts = textsOf(model.language).newTask;
  return groupOrHostColumns(rows, texts, ({ length }) => span(texts.groupHosts(length)), model);
}
