/** Tells a host's worker what changes about its host. */

import type { Host } from '../../lib/model/host.ts';
import type { HostStanding } from '../../lib/protocol/engine-api.ts';
import type { ChangeSignal } from '../events/change-signal.ts';
import { standingOf } from '../hosts/host-standing.ts';
import type { Store } from '../store/store.ts';

/** How late a worker hears that something about its host is no longer as it was. */
const TELL_STANDING_MS = 500;

/** Tells a worker whatever changes about its host, until the returned function is called. `findHost` finds it in the store. */
export function pushStanding(
  { store, changes }: { readonly store: Store; readonly changes: ChangeSignal },
  findHost: () => Host | undefined,
  told: HostStanding,
  tell: (standing: HostStanding) => void,
): () => void {
  let hosts: readonly Host[] | null = null;
  let last = JSON.stringify(told);
  return changes.listen(TELL_STANDING_MS, () => {
    // Most changes are of tasks; unchanged lists are the same ones.
    if (store.read().hosts === hosts) return Promise.resolve();
    hosts = store.read().hosts;
    const host = findHost();
    if (host === undefined) return Promise.resolve();
    const standing = standingOf(host, store.read());
    const text = JSON.stringify(standing);
    if (text !== last) tell(standing);
    last = text;
    return Promise.resolve();
  });
}
