/** What one watcher knows of the hosts, and what has changed since: 10,000 hosts are never sent twice. */

import type { Host, HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { InventoryChange } from '../../lib/protocol/operator-api/status.ts';
import type { ViewContext } from '../views/context.ts';
import { liveFinder, viewOf, type Live } from '../views/hosts.ts';
import { briefly, fittingHosts } from '../views/answer-size.ts';
import type { StoreData } from '../store/schema.ts';

/** Records of the store are never changed in place: the same object is the same host. */
type Seen = { readonly host: Host; readonly live: Live };

export class InventoryWatch {
  readonly #context: Pick<ViewContext, 'store' | 'connected' | 'otherMachines'>;
  #seen: ReadonlyMap<HostId, Seen> = new Map();
  #groups: StoreData['groups'] | null = null;
  #images: StoreData['images'] | null = null;
  #settings: StoreData['settings'] | null = null;

  constructor(context: Pick<ViewContext, 'store' | 'connected' | 'otherMachines'>) {
    this.#context = context;
  }

  /** What is new since the last call, everything at the first one; null when nothing is. */
  next(): InventoryChange | null {
    const { hosts, groups, images, settings } = this.#context.store.read();
    const liveOf = liveFinder(this.#context);
    const seen = new Map<HostId, Seen>();
    const changed: HostView[] = [];
    let hasMoved = groups !== this.#groups;
    for (const host of hosts) {
      const now: Seen = { host, live: liveOf(host) };
      const before = this.#seen.get(host.id);
      if (before === undefined || !isSame(before, now)) {
        changed.push(shortened(viewOf(host, now.live)));
        hasMoved ||= before?.host.groupId !== host.groupId || before.host.name !== host.name;
      }
      seen.set(host.id, now);
    }
    const gone = [...this.#seen.keys()].filter((id) => !seen.has(id));
    const areImagesChanged = images !== this.#images;
    const areSettingsChanged = settings !== this.#settings;
    const areGroupsChanged = hasMoved || gone.length > 0;
    this.#seen = seen;
    this.#groups = groups;
    this.#images = images;
    this.#settings = settings;
    const areListsChanged = areGroupsChanged || areImagesChanged || areSettingsChanged;
    if (changed.length === 0 && !areListsChanged) return null;
    return {
      hosts: fittingHosts(changed),
      gone,
      areGroupsChanged,
      areImagesChanged,
      areSettingsChanged,
    };
  }
}

/** Field by field: of 10,000 hosts, for each watcher, after every change. */
function isSame(one: Seen, other: Seen): boolean {
  return (
    one.host === other.host &&
    one.live.state === other.live.state &&
    one.live.groupName === other.live.groupName &&
    one.live.address === other.live.address &&
    one.live.otherMachines === other.live.otherMachines &&
    one.live.workers.join() === other.live.workers.join()
  );
}

function shortened(view: HostView): HostView {
  const { systemInfo } = view;
  return { ...view, systemInfo: systemInfo === null ? null : briefly(systemInfo) };
}
