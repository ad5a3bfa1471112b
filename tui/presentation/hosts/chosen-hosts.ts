/** Hosts by their ids, as they are now. */

import type { HostView } from '../../../lib/model/host.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import type { Model } from '../../model.ts';

const cache = new WeakMap<readonly HostView[], ReadonlyMap<HostId, HostView>>();

/** Made once per list: it is asked for with every key, and 10,000 hosts are many. */
export function hostsById(hosts: readonly HostView[]): ReadonlyMap<HostId, HostView> {
  const known = cache.get(hosts);
  if (known !== undefined) return known;
  const byId = new Map(hosts.map((host) => [host.id, host]));
  cache.set(hosts, byId);
  return byId;
}

/** Those that still exist, in the order in which they were chosen. */
export function hostsOf(ids: readonly HostId[], { hosts }: Pick<Model, 'hosts'>): HostView[] {
  const byId = hostsById(hosts);
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** With everything that it says of itself, once that was read (host.show); else what lists know of it. */
export function wholeHost(
  hostId: HostId,
  { hosts, hostDetails }: Pick<Model, 'hosts' | 'hostDetails'>,
): { readonly host: HostView; readonly isRead: boolean } | null {
  const host = hosts.find(({ id }) => id === hostId);
  if (host === undefined) return null;
  if (hostDetails?.id !== hostId) return { host, isRead: host.systemInfo === null };
  return { host: { ...host, systemInfo: hostDetails.systemInfo }, isRead: true };
}
