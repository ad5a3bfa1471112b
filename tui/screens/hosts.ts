/** The host list: filter, sort, mark, act. */

import type { HostView } from '../../lib/model/host.ts';
import { widthOf } from '../../lib/columns.ts';
import { lastSeenText } from '../../lib/text/last-seen.ts';
import type { Model } from '../model.ts';
import { conditionSpan, workSpan } from '../presentation/hosts/host-condition.ts';
import { filteredHosts } from '../presentation/hosts/host-filter.ts';
import { ALL_HOSTS, type HostListState } from '../values/host-list-state.ts';
import { hostListScreen } from '../presentation/hosts/host-list-screen.ts';
import { countMarked, markedOr } from '../presentation/hosts/host-marks.ts';
import { entryAt, type ListSource } from '../values/selection.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { perform, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { diskSizes } from '../presentation/hosts/disk-choice.ts';
import { hostActions } from './host-actions/table.ts';
import { addHost } from './host-form.ts';
import { openAndMark } from './open-and-mark.ts';
import { openGroup } from './open.ts';

export const HOSTS = hostListScreen<HostView, HostListState>({
  title: (_, model) => textsOf(model.language).hosts.title,
  listed: listedIn,
  hostsIn: (host) => [host],
  columns: columnsFor,
  head: ({ length }, { hosts, language }, { marked }) =>
    textsOf(language).hosts.shown(length, hosts.length, countMarked(marked)),
  empty: ({ hosts, language }) => {
    const texts = textsOf(language).hosts;
    return hosts.length === 0 ? [texts.empty, texts.emptyHint] : [texts.noneShown];
  },
  commands: commandsFor,
});

function listedIn({ filter }: HostListState, model: Model): ListSource<HostView> {
  return { list: 'hosts', rows: filteredHosts(filter, model), keyOf: ({ id }) => id };
}

function commandsFor(state: HostListState, model: Model): Command<HostListState>[] {
  const texts = textsOf(model.language).hosts;
  const { marked, filter } = state;
  const listed = listedIn(state, model);
  const current = entryAt(state.selection, listed);
  // Also those that the filter hides.
  const all = filteredHosts({ ...ALL_HOSTS, sort: filter.sort }, model);
  const chosen = markedOr(all, marked, current === null ? [] : [current]);
  return [
    ...openAndMark(state, listed, texts.empty, model),
    ...hostActions(chosen, model),
    {
      name: 'add',
      keys: ['n', 'insert'],
      label: texts.add,
      help: texts.addHelp,
      disabledReason: null,
      run: () => perform(addHost(model)),
    },
    {
      name: 'tiles',
      keys: ['v'],
      label: texts.tiles,
      help: texts.tilesHelp,
      disabledReason: current === null ? texts.empty : null,
      run: () => perform(openGroup(current?.groupId ?? null)),
    },
  ];
}

function columnsFor(
  shown: readonly HostView[],
  model: Model,
  width: number,
): readonly Column<HostView>[] {
  const { hosts: texts, states } = textsOf(model.language);
  const works = Math.max(...Object.values(states.works).map(widthOf));
  const isWide = width >= 110;
  const namesOf = shown.map((host) => host.name);
  const wide: readonly Column<HostView>[] = [
    { title: texts.mac, width: 17, cell: ({ mac }) => mac },
    {
      title: texts.seen,
      width: 16,
      cell: (host) => lastSeenText(model.language, host),
    },
    ...(width >= 134
      ? [
          {
            title: texts.disks,
            width: 'rest',
            cell: (host: HostView) => diskSizes(host, model),
          } as const,
        ]
      : []),
  ];
  return [
    { title: texts.name, width: widthFor(namesOf, 8, isWide ? 30 : 18), cell: ({ name }) => name },
    { title: texts.state, width: 12, cell: (host) => conditionSpan(host, model) },
    {
      title: texts.lastWork,
      width: Math.max(16, works + 2),
      cell: (host) => workSpan(host, model),
    },
    {
      title: texts.group,
      width: width >= 134 ? 20 : 'rest',
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
