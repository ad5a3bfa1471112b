/** Operators' calls about groups. */

import type { Group } from '../../lib/model/group.ts';
import type { Host } from '../../lib/model/host.ts';
import type { GroupId } from '../../lib/model/ids.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { GroupView } from '../../lib/model/group.ts';
import type { GROUP_METHODS } from '../../lib/protocol/operator-api/groups.ts';
import { newGroupId } from '../ids.ts';
import { findGroup, hostFinder, refuseTakenName } from '../lookup.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { compareNames } from '../compare-names.ts';

export function groupHandlers({
  store,
}: Pick<ApiContext, 'store'>): Handlers<typeof GROUP_METHODS, [Caller]> {
  const view = (reference: string): GroupView => {
    const { groups, hosts } = store.read();
    return viewGroup(findGroup(groups, reference), hosts);
  };
  return {
    'group.list': async () => {
      const { groups, hosts } = store.read();
      const byName = groups.toSorted((one, other) => compareNames(one.name, other.name));
      return Promise.resolve(byName.map((group) => viewGroup(group, hosts)));
    },
    'group.show': async ({ group }) => Promise.resolve(view(group)),
    'group.create': async ({ name, hosts }, caller) => {
      const id = await caller.store.change((data) => {
        refuseTakenName('group', data.groups, name);
        const group: Group = { id: newGroupId(), name, createdAt: new Date().toISOString() };
        data.groups.push(group);
        assign(data.hosts, hosts, group.id);
        return group.id;
      });
      return view(id);
    },
    'group.edit': async ({ group: reference, name, add, remove }, caller) => {
      const id = await caller.store.change((data) => {
        const group = findGroup(data.groups, reference);
        if (name !== undefined) {
          const others = data.groups.filter((other) => other.id !== group.id);
          refuseTakenName('group', others, name);
          group.name = name;
        }
        assign(data.hosts, add, group.id);
        const hostOf = hostFinder(data.hosts);
        for (const each of remove) {
          const host = hostOf(each);
          if (host.groupId === group.id) host.groupId = null;
        }
        return group.id;
      });
      return view(id);
    },
    'group.delete': async ({ group: reference }, caller) => {
      await caller.store.change((data) => {
        const group = findGroup(data.groups, reference);
        for (const host of data.hosts.filter(({ groupId }) => groupId === group.id))
          host.groupId = null;
        data.groups = data.groups.filter((other) => other.id !== group.id);
      });
      return {};
    },
  };
}

function assign(hosts: Host[], references: readonly string[], groupId: GroupId): void {
  const hostOf = hostFinder(hosts);
  for (const reference of references) hostOf(reference).groupId = groupId;
}

function viewGroup(group: Group, hosts: readonly Host[]): GroupView {
  return {
    ...group,
    hosts: hosts
      .filter((host) => host.groupId === group.id)
      .map(({ id, name }) => ({ id, name }))
      .toSorted((one, other) => compareNames(one.name, other.name)),
  };
}
