/** What a list has a row for where a whole group can be chosen as well as single hosts. */

import type { HostView } from '../../../lib/model/host.ts';
import type { GroupView } from '../../../lib/model/group.ts';
import type { Model } from '../../model.ts';
import { span, type Span } from '../../picture.ts';
import { reasonIn } from '../../text/reasons.ts';
import { hostsOf } from './chosen-hosts.ts';
import { conditionSpan } from './host-condition.ts';
import { refusalForWork } from './host-work.ts';
import { widthFor, type Column } from '../../components/table-view.ts';

export type GroupOrHost =
  | { readonly type: 'group'; readonly group: GroupView; readonly hosts: readonly HostView[] }
  | { readonly type: 'host'; readonly host: HostView };

/** With the hosts that are still there. */
export function groupRows(model: Pick<Model, 'groups' | 'hosts'>): readonly GroupOrHost[] {
  return model.groups.map((group) => {
    const ids = group.hosts.map(({ id }) => id);
    return { type: 'group', group, hosts: hostsOf(ids, model) };
  });
}

export function hostRow(host: HostView): GroupOrHost {
  return { type: 'host', host };
}

export function keyOf(row: GroupOrHost): string {
  return row.type === 'group' ? row.group.id : row.host.id;
}

export function hostsIn(row: GroupOrHost): readonly HostView[] {
  return row.type === 'group' ? row.hosts : [row.host];
}

type Words = {
  readonly name: string;
  readonly state: string;
  readonly group: string;
  readonly groupRow: (name: string) => string;
};

/** `groupState` says of a group whose hosts may all get work how it is. */
export function groupOrHostColumns(
  rows: readonly GroupOrHost[],
  words: Words,
  groupState: (hosts: readonly HostView[]) => Span,
  model: Model,
): Column<GroupOrHost>[] {
  const nameOf = (row: GroupOrHost): string =>
    row.type === 'group' ? words.groupRow(row.group.name) : row.host.name;
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
        const reason = refusalForWork(row.hosts);
        return reason === null
          ? groupState(row.hosts)
          : span(reasonIn(model.language, reason), 'bad');
      },
    },
    {
      title: words.group,
      width: 18,
      cell: (row) => (row.type === 'host' ? (row.host.groupName ?? '-') : ''),
    },
  ];
}
