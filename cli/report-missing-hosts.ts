/** reportMissingHosts: reports each host that was woken and did not come, once. */

import type { HostId } from '../lib/model/ids.ts';
import type { Status } from '../lib/model/status.ts';
import { wakeLine } from './print/wakes.ts';
import type { Texts } from './text/catalogue.ts';

/** Returns a function that says what is new in a status about `hosts`. */
export function reportMissingHosts(
  texts: Texts,
  hosts: ReadonlySet<HostId>,
  say: (text: string) => void,
): (status: Pick<Status, 'wakes'>) => void {
  const told = new Set<HostId>();
  return ({ wakes }) => {
    for (const wake of wakes) {
      if (wake.state !== 'missing' || !hosts.has(wake.hostId) || told.has(wake.hostId)) continue;
      told.add(wake.hostId);
      say(wakeLine(texts, wake));
    }
  };
}
