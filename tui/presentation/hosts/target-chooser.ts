/** A screen that chooses the hosts of a task: a group, marked hosts, or the one under the cursor. */

import type { HostView } from '../../../lib/model/host.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import { entryAt, type ListSource } from '../../values/selection.ts';
import type { Model } from '../../model.ts';
import type { Span } from '../../picture.ts';
import { perform, reaction, type Command, type ScreenKind } from '../../screen.ts';
import type { Action } from '../../screen-states.ts';
import { textsOf } from '../../text/catalogue.ts';
import {
  groupOrHostColumns,
  groupRows,
  hostRow,
  hostsIn,
  keyOf,
  type GroupOrHost,
} from './group-or-host.ts';
import { filteredHosts, isFiltered } from './host-filter.ts';
import { hostListScreen } from './host-list-screen.ts';
import { ALL_HOSTS, type HostListState } from '../../values/host-list-state.ts';
import { isMarked, markedOr, toggled, toggledHere } from './host-marks.ts';
import { refusalForTargets, refusalForWork } from './host-work.ts';

type Words = {
  readonly groupRow: (name: string) => string;
  /** How a group is whose hosts may all get work. */
  readonly groupState: (hosts: readonly HostView[]) => Span;
  /** What stands above the list. */
  readonly head: (marked: readonly HostView[]) => string;
  readonly next: (count: number) => string;
  readonly nextHelp: string;
  readonly markHelp: string;
  /** Where there are no hosts. */
  readonly none: string;
};

export type TargetChooser<State> = {
  /** Its name in clicks. */
  readonly list: string;
  readonly title: (state: State, model: Model) => string;
  readonly words: (model: Model) => Words;
  /** What follows with the chosen hosts. */
  readonly next: (hostIds: readonly HostId[], state: State) => readonly Action[];
};

export function targetChooser<State extends HostListState>(
  chooser: TargetChooser<State>,
): ScreenKind<State> {
  const { list, words } = chooser;
  const listed = (state: State, model: Model): ListSource<GroupOrHost> => ({
    list,
    rows: rowsIn(state, model),
    keyOf,
  });
  return hostListScreen<GroupOrHost, State>({
    title: chooser.title,
    listed,
    hostsIn,
    columns: (rows, model) => {
      const { groupRow, groupState } = words(model);
      const texts = { ...textsOf(model.language).hosts, groupRow };
      return groupOrHostColumns(rows, texts, groupState, model);
    },
    head: (_, model, { marked }) =>
      words(model).head(model.hosts.filter((host) => isMarked(host, marked))),
    empty: (model) => [
      model.hosts.length === 0 ? words(model).none : textsOf(model.language).hosts.noneShown,
    ],
    commands: (state, model) => [
      nextCommand(chooser, state, model, listed(state, model)),
      ...markCommands(state, words(model), model, listed(state, model)),
    ],
  });
}

type Rows = readonly GroupOrHost[];
const cache = new WeakMap<
  readonly HostView[],
  { readonly of: Model['groups']; readonly rows: Rows }
>();

/** Groups first: most tasks go to one; empty ones last. A filter leaves hosts alone. Made once per list: this may be thousands. */
function rowsIn({ filter }: HostListState, model: Model): Rows {
  const shown = filteredHosts(filter, model);
  const known = cache.get(shown);
  if (known?.of === model.groups) return known.rows;
  const groups = groupRows(model).toSorted(
    (one, other) => Number(hostsIn(other).length > 0) - Number(hostsIn(one).length > 0),
  );
  const rows = [...(isFiltered(filter) ? [] : groups), ...shown.map(hostRow)];
  cache.set(shown, { of: model.groups, rows });
  return rows;
}

function nextCommand<State extends HostListState>(
  { words, next }: TargetChooser<State>,
  state: State,
  model: Model,
  listed: ListSource<GroupOrHost>,
): Command<State> {
  const texts = words(model);
  const row = entryAt(state.selection, listed);
  const current = row === null ? [] : hostsIn(row);
  const chosen = markedOr(filteredHosts(ALL_HOSTS, model), state.marked, current);
  return {
    name: 'next',
    keys: ['enter'],
    label: texts.next(chosen.length),
    help: texts.nextHelp,
    disabledReason: row === null ? texts.none : refusalForTargets(chosen),
    run: () => {
      const ids = chosen.map(({ id }) => id);
      return perform(...next(ids, state));
    },
  };
}

function markCommands<State extends HostListState>(
  state: State,
  words: Words,
  model: Model,
  listed: ListSource<GroupOrHost>,
): Command<State>[] {
  const texts = textsOf(model.language).hosts;
  const row = entryAt(state.selection, listed);
  return [
    {
      name: 'mark',
      keys: ['space'],
      label: texts.mark,
      help: words.markHelp,
      disabledReason: row === null ? words.none : refusalForTargets(hostsIn(row)),
      run: () => reaction({ ...state, ...toggledHere(state, listed, hostsIn) }),
    },
    {
      name: 'mark-all',
      keys: ['a'],
      label: texts.markAll,
      help: texts.markAllHelp,
      disabledReason: row === null ? words.none : null,
      run: () => {
        const shown = listed.rows.flatMap((each) => (each.type === 'host' ? [each.host] : []));
        const able = shown.filter((host) => refusalForWork([host]) === null);
        return reaction({ ...state, marked: toggled(able, state.marked) });
      },
    },
  ];
}
