/** Capturing, first step: which host. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import { conditionSpan } from '../../presentation/hosts/host-condition.ts';
import { filteredHosts } from '../../presentation/hosts/host-filter.ts';
import { ALL_HOSTS } from '../../values/host-list-state.ts';
import { listScreen } from '../../components/list-screen.ts';
import { widthFor, type Column } from '../../components/table-view.ts';
import { line } from '../../picture.ts';
import { perform } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { diskSizes } from '../../presentation/hosts/disk-choice.ts';
import { openCaptureDisk } from '../open.ts';
import type { ScreenStates } from '../../screen-states.ts';

export const CAPTURE_HOST = listScreen<HostView, ScreenStates['capture-host']>({
  list: 'capture-host',
  title: (_, model) => textsOf(model.language).capture.hostTitle,
  rows: captureHosts,
  keyOf: ({ id }) => id,
  columns,
  head: (_, model) => line(` ${textsOf(model.language).capture.hostHead}`),
  empty: (model) => {
    const { hosts, capture } = textsOf(model.language);
    return [hosts.empty, capture.noHosts];
  },
  commands: (host, model) => {
    const { capture: texts, hosts } = textsOf(model.language);
    return [
      {
        name: 'next',
        keys: ['enter', 'space'],
        label: texts.next,
        help: texts.hostHelp,
        disabledReason:
          host === null
            ? hosts.empty
            : (refusalFor('host.work', { approval: host.approval }) ??
              (host.systemInfo === null ? texts.neverHere : null)),
        run: () => perform(...(host === null ? [] : openCaptureDisk(host.id, model))),
      },
    ];
  },
});

const cache = new WeakMap<readonly HostView[], readonly HostView[]>();

/** Those that are on come first: they need no waking. */
function captureHosts(model: Model): readonly HostView[] {
  const known = cache.get(model.hosts);
  if (known !== undefined) return known;
  const all = filteredHosts(ALL_HOSTS, model);
  const order = ['idle', 'working', 'off'];
  const sorted = all.toSorted(
    (one, other) => order.indexOf(one.state) - order.indexOf(other.state),
  );
  cache.set(model.hosts, sorted);
  return sorted;
}

function columns(rows: readonly HostView[], model: Model): Column<HostView>[] {
  const { hosts: texts, capture } = textsOf(model.language);
  const names = rows.map(({ name }) => name);
  return [
    { title: texts.name, width: widthFor(names, 8, 28), cell: ({ name }) => name },
    { title: texts.state, width: 15, cell: (host) => conditionSpan(host, model) },
    {
      title: texts.disks,
      width: 18,
      cell: (host) => diskSizes(host, model) || '-',
    },
    {
      title: capture.systemsColumn,
      width: 'rest',
      cell: ({ systemInfo }) =>
        (systemInfo?.operatingSystems ?? []).map(({ name }) => name).join(', ') || '-',
    },
  ];
}
