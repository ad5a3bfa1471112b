/** What an operator's word for hosts means: a host by id, name, MAC or IP address, or a group by id or name. */

import type { Group } from '../model/group.ts';
import type { Host } from '../model/host.ts';
import { MacAddress } from '../model/names.ts';
import { isSameName } from './same-name.ts';

type HostRef = Pick<Host, 'id' | 'name' | 'mac' | 'ipAddress' | 'groupId'>;
type GroupRef = Pick<Group, 'id' | 'name'>;

export type Target<H, G> =
  | { readonly type: 'host'; readonly host: H }
  | { readonly type: 'group'; readonly group: G; readonly hosts: readonly H[] }
  | { readonly type: 'unknown' }
  /** Several hosts, or a host and a group, are called so. */
  | { readonly type: 'several-hosts'; readonly hosts: readonly H[] }
  | { readonly type: 'host-and-group'; readonly host: H; readonly group: G };

/** Every host that `reference` means: more than one only where they share an address or a name. */
export function hostsNamed<H extends HostRef>(hosts: readonly H[], reference: string): H[] {
  const mac = MacAddress.safeParse(reference);
  return hosts.filter(
    (host) =>
      host.id === reference ||
      isSameName(host.name, reference) ||
      host.ipAddress === reference ||
      (mac.success && host.mac === mac.data),
  );
}

export function groupNamed<G extends GroupRef>(
  groups: readonly G[],
  reference: string,
): G | undefined {
  return groups.find((group) => group.id === reference || isSameName(group.name, reference));
}

export function targetNamed<H extends HostRef, G extends GroupRef>(
  { hosts, groups }: { readonly hosts: readonly H[]; readonly groups: readonly G[] },
  reference: string,
): Target<H, G> {
  const named = hostsNamed(hosts, reference);
  const group = groupNamed(groups, reference);
  const [host] = named;
  if (named.length > 1) return { type: 'several-hosts', hosts: named };
  if (host !== undefined) {
    return group === undefined ? { type: 'host', host } : { type: 'host-and-group', host, group };
  }
  if (group === undefined) return { type: 'unknown' };
  return { type: 'group', group, hosts: hosts.filter(({ groupId }) => groupId === group.id) };
}
