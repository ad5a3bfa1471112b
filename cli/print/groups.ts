/** Groups as people read them. */

import type { GroupView } from '../../lib/model/group.ts';
import { fields, table } from './table.ts';
import { formatTime, orDash } from './words.ts';

export function groupTable(groups: readonly GroupView[]): string[] {
  return table(
    [{ title: 'GROUP' }, { title: 'HOSTS', align: 'right' }, { title: 'CREATED' }],
    groups.map((group) => [group.name, String(group.hosts.length), formatTime(group.createdAt)]),
  );
}

export function groupDetails(group: GroupView): string[] {
  return fields([
    ['Group', group.name],
    ['Hosts', orDash(group.hosts.map((host) => host.name).join(', '))],
    ['Created', formatTime(group.createdAt)],
    ['Id', group.id],
  ]);
}
