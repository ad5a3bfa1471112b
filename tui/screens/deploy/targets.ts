/** Deploying, second step: a group, several hosts, or one. */

import type { HostView } from '../../../lib/model/host.ts';
import type { ImageId } from '../../../lib/model/ids.ts';
import type { Model } from '../../model.ts';
import {
  groupOrHostColumns,
  groupRows,
  hostRow,
  hostsIn,
  keyOf,
  type GroupOrHost,
} from '../../presentation/hosts/group-or-host.ts';
import { ALL_HOSTS, filteredHosts, isRunning } from '../../presentation/hosts/host-filter.ts';
import {
  ALL_UNMARKED,
  hostListScreen,
  type HostListState,
} from '../../presentation/hosts/host-list-screen.ts';
import {
  markedOr,
  toggled,
  toggledHere,
  type HostMarks,
} from '../../presentation/hosts/host-marks.ts';
import { whyNotDeployTo, whyNotWork } from '../../presentation/hosts/host-work.ts';
import { entryAt, type ListSource } from '../../components/selection.ts';
import type { Column } from '../../components/table-view.ts';
import { span } from '../../picture.ts';
import { stay, type Command, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { deployDiskScreen } from './disk.ts';
import { imageOf } from './plan.ts';

const NAME = 'deploy-targets';

export function deployTargetsScreen(imageId: ImageId, state = ALL_UNMARKED): Screen {
  const at = (change: Partial<HostListState>): Screen =>
    deployTargetsScreen(imageId, { ...state, ...change });
  return hostListScreen<GroupOrHost>(NAME, {
    title: (model) => {
      const name = imageOf({ imageId }, model)?.image.name ?? '';
      return textsOf(model.language).deploy.targetsTitle(name);
    },
    state,
    at,
    listed: (model) => listedIn(state, model),
    hostsIn,
    columns,
    head: (_, model) => headText(state.marked, model),
    empty: ({ language }) => [textsOf(language).hosts.noneShown],
    commands: (model, screen) => [
      nextCommand(imageId, state, model, screen),
      ...markCommands(state, at, model),
    ],
  });
}

/** Groups first: most deployments go to one; empty ones last. A filter leaves hosts alone. */
function listedIn({ filter }: HostListState, model: Model): ListSource<GroupOrHost> {
  const isFiltered = filter.scope.type !== 'all' || filter.text.text !== '';
  const groups = groupRows(model).toSorted(
    (one, other) => Number(hostsIn(other).length > 0) - Number(hostsIn(one).length > 0),
  );
  const hosts = filteredHosts(filter, model).map(hostRow);
  return { list: NAME, rows: [...(isFiltered ? [] : groups), ...hosts], keyOf };
}

function nextCommand(
  imageId: ImageId,
  state: HostListState,
  model: Model,
  screen: Screen,
): Command {
  const { deploy: texts, hosts: words } = textsOf(model.language);
  const row = entryAt(state.place, listedIn(state, model));
  const current = row === null ? [] : hostsIn(row);
  const chosen = markedOr(filteredHosts(ALL_HOSTS, model), state.marked, current);
  return {
    name: 'next',
    keys: ['enter'],
    label: chosen.length === 0 ? texts.next : texts.nextWith(chosen.length),
    help: texts.targetsHelp,
    whyNot: row === null ? words.empty : whyNotDeployTo(chosen),
    run: () =>
      stay(screen, {
        type: 'push',
        screen: deployDiskScreen({ imageId, hostIds: chosen.map(({ id }) => id) }),
      }),
  };
}

function markCommands(
  state: HostListState,
  at: (change: Partial<HostListState>) => Screen,
  model: Model,
): Command[] {
  const { deploy: texts, hosts: words } = textsOf(model.language);
  const listed = listedIn(state, model);
  const row = entryAt(state.place, listed);
  return [
    {
      name: 'mark',
      keys: ['space'],
      label: words.mark,
      help: texts.markHelp,
      whyNot: row === null ? words.empty : whyNotDeployTo(hostsIn(row)),
      run: () => stay(at(toggledHere(state, listed, hostsIn))),
    },
    {
      name: 'mark-all',
      keys: ['a'],
      label: words.markAll,
      help: words.markAllHelp,
      whyNot: row === null ? words.empty : null,
      run: () => {
        const shown = listed.rows.flatMap((each) => (each.type === 'host' ? [each.host] : []));
        const able = shown.filter((host) => whyNotWork([host]) === null);
        return stay(at({ marked: toggled(able, state.marked) }));
      },
    },
  ];
}

function headText(marks: HostMarks, { hosts, language }: Model): string {
  const texts = textsOf(language).deploy;
  const marked = hosts.filter(({ id }) => marks.has(id));
  return marked.length === 0
    ? texts.targetsHead
    : texts.targetsMarked(marked.length, countOff(marked));
}

function countOff(hosts: readonly HostView[]): number {
  return hosts.filter((host) => !isRunning(host)).length;
}

function columns(rows: readonly GroupOrHost[], model: Model): Column<GroupOrHost>[] {
  const { deploy: texts, hosts: words } = textsOf(model.language);
  const groupState = (hosts: readonly HostView[]): ReturnType<typeof span> => {
    const off = countOff(hosts);
    return span(texts.groupHosts(hosts.length, off), off > 0 ? 'warn' : 'plain');
  };
  return groupOrHostColumns(rows, { ...words, groupRow: texts.groupRow }, groupState, model);
}
