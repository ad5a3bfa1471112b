/** Groups as people read them. */

import type { GroupView } from '../../lib/model/group.ts';
import type { Texts } from '../text/catalogue.ts';
import { fields, table } from './table.ts';
import { formatTime, orDash } from './labels.ts';

export function groupTable({ hosts: { columns } }: Texts, groups: readonly GroupView[]): string[] {
  return table(
    [
      { title: columns.group },
      { title: columns.hosts, align: 'right' },
      { title: columns.created },
    ],
    groups.map((group) => [group.name, String(group.hosts.length), formatTime(group.createdAt)]),
  );
}

export function groupDetails({ hosts: texts }: Texts, group: GroupView): string[] {
  return fields([
    [texts.group, group.name],
    [texts.hosts, orDash(group.hosts.map((host) => host.name).join(', '))],
    [texts.created, formatTime(group.createdAt)],
    [texts.id, group.id],
  ]);
}
