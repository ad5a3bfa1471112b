/** Applies an InventoryChange to the list of hosts: thousands stay as they are, a few are replaced. */

import type { HostView } from '../lib/model/host.ts';
import type { InventoryChange } from '../lib/protocol/operator-api/status.ts';

const COLLATOR = new Intl.Collator('en', { numeric: true });

/** By name, "ws-2" before "ws-10". The same list when nothing of it changed: what was made of it stays good. */
export function applyHostChange(
  hosts: readonly HostView[],
  { hosts: changed, gone }: Pick<InventoryChange, 'hosts' | 'gone'>,
): readonly HostView[] {
  if (changed.length === 0 && gone.length === 0) return hosts;
  const news = new Map(changed.map((host) => [host.id, host]));
  const lost = new Set(gone);
  let isSorted = true;
  const kept: HostView[] = [];
  for (const host of hosts) {
    if (lost.has(host.id)) continue;
    const next = news.get(host.id);
    news.delete(host.id);
    if (next !== undefined && next.name !== host.name) isSorted = false;
    kept.push(next ?? host);
  }
  if (isSorted && news.size === 0) return kept;
  return [...kept, ...news.values()].sort((one, other) => COLLATOR.compare(one.name, other.name));
}
