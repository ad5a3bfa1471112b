/** The groups that can be looked at, and what is in none. */

import type { HostView } from '../../../lib/model/host.ts';
import type { GroupId } from '../../../lib/model/ids.ts';
import type { Model } from '../../model.ts';
import { textsOf } from '../../text/catalogue.ts';
import { filteredHosts } from './host-filter.ts';
import { ALL_HOSTS } from '../../values/host-list-state.ts';

/** Null: the hosts without a group. */
export type ShownGroupId = GroupId | null;

/** Groups in the order of the server, then the hosts without one, if there are any. */
export function shownGroups({
  groups,
  hosts,
}: Pick<Model, 'groups' | 'hosts'>): readonly ShownGroupId[] {
  const hasOthers = groups.length === 0 || hosts.some(({ groupId }) => groupId === null);
  return [...groups.map(({ id }) => id), ...(hasOthers ? [null] : [])];
}

/** The first group with hosts. */
export function firstShownGroup({ groups }: Pick<Model, 'groups'>): ShownGroupId {
  const group = groups.find(({ hosts }) => hosts.length > 0) ?? groups[0];
  return group?.id ?? null;
}

export function shownGroupName(
  groupId: ShownGroupId,
  { groups, language }: Pick<Model, 'groups' | 'language'>,
): string {
  return groups.find(({ id }) => id === groupId)?.name ?? textsOf(language).hosts.noGroup;
}

const cache = new WeakMap<readonly HostView[], Map<ShownGroupId, readonly HostView[]>>();

/** In the order of their names; gone through once per list of hosts. */
export function hostsInGroup(shown: ShownGroupId, model: Model): readonly HostView[] {
  const known = cache.get(model.hosts) ?? new Map<ShownGroupId, readonly HostView[]>();
  cache.set(model.hosts, known);
  const hosts =
    known.get(shown) ?? filteredHosts(ALL_HOSTS, model).filter(({ groupId }) => groupId === shown);
  known.set(shown, hosts);
  return hosts;
}
