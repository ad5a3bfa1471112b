/** In which order a list shows hosts. */

import { CONDITIONS } from '../../../lib/rules/host-condition.ts';
import type { HostView } from '../../../lib/model/host.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import type { Model } from '../../model.ts';
import { LAST_WORKS } from '../../../lib/client/host-news.ts';
import { conditionIn, workOf } from './host-condition.ts';
import type { HostOrder } from '../../values/host-list-state.ts';

/** By what is stored of the hosts alone. For 'state' that is their name: `byCondition` does the rest. */
export function inOrder(hosts: readonly HostView[], order: HostOrder): readonly HostView[] {
  return hosts.toSorted((one, other) =>
    COLLATOR.compare(orderKey(one, order), orderKey(other, order)),
  );
}

/** "ws-2" before "ws-10". */
const COLLATOR = new Intl.Collator('en', { numeric: true });

/** Hosts without a group or an address come after all others. */
const LAST = '\uffff';

function orderKey(host: HostView, order: HostOrder): string {
  switch (order) {
    case 'name':
    case 'state':
      return host.name;
    case 'group':
      return `${host.groupName ?? LAST} ${host.name}`;
    case 'address':
      return host.address ?? host.ipAddress ?? LAST;
    case 'seen':
      return host.lastSeenAt ?? '';
    default:
      return unreachable(order);
  }
}

type Sorted = Pick<Model, 'status' | 'now'> & { readonly hosts: readonly HostView[] };

const cache = new WeakMap<readonly HostView[], Sorted>();

/**
 * Those that are shown alike together, in the order of the legend; among themselves as in `hosts`. A condition
 * changes with what runs and with time, so this is done once per status and tick.
 */
export function byCondition(
  hosts: readonly HostView[],
  { status, now }: Pick<Model, 'status' | 'now'>,
): readonly HostView[] {
  const known = cache.get(hosts);
  if (known?.status === status && known.now === now) return known.hosts;
  const alike = Map.groupBy(hosts, (host) => {
    const condition = conditionIn(host, { status });
    return `${condition} ${workOf(host, { status, now })?.type ?? 'none'}`;
  });
  const sorted = CONDITIONS.flatMap((condition) =>
    [...LAST_WORKS, 'none'].flatMap((work) => alike.get(`${condition} ${work}`) ?? []),
  );
  cache.set(hosts, { status, now, hosts: sorted });
  return sorted;
}
