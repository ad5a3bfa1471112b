/** Hosts by their ids, as they are now. */

import type { HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Model } from '../model.ts';

/** Those that still exist, in the order in which they were chosen. */
export function hostsOf(ids: readonly HostId[], { hosts }: Pick<Model, 'hosts'>): HostView[] {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
