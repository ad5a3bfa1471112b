/** What one watcher knows of the hosts, and what has changed since: 10,000 hosts are never sent twice. */

import type { Host, HostView, OtherMachine } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { InventoryChange } from '../../lib/protocol/operator-api/status.ts';
import type { ViewContext } from '../views/context.ts';
import { workingHosts } from '../views/hosts.ts';
import { briefly, fittingHosts } from '../views/answer-size.ts';
import type { StoreData } from '../store/schema.ts';

type Seen = {
  /** Records of the store are never changed in place: the same object is the same host. */
  readonly host: Host;
  readonly state: HostView['state'];
  readonly groupName: string | null;
  readonly address: string | null;
  readonly otherMachines: readonly OtherMachine[] | undefined;
};

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
    const { store, connected, otherMachines } = this.#context;
    const { hosts, groups, images, tasks, settings } = store.read();
    const groupNames = new Map(groups.map(({ id, name }) => [id, name]));
    const working = workingHosts(tasks);
    const seen = new Map<HostId, Seen>();
    const changed: HostView[] = [];
    let hasMoved = groups !== this.#groups;
    for (const host of hosts) {
      const engine = connected.workerOn(host.id);
      const now: Seen = {
        host,
        state: engine === undefined ? 'off' : working.has(host.id) ? 'working' : 'idle',
        groupName: host.groupId === null ? null : (groupNames.get(host.groupId) ?? null),
        address: engine?.address ?? null,
        otherMachines: otherMachines.of(host.id),
      };
      const before = this.#seen.get(host.id);
      if (before === undefined || !isSame(before, now)) {
        changed.push(viewOf(now));
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

function isSame(one: Seen, other: Seen): boolean {
  return (
    one.host === other.host &&
    one.state === other.state &&
    one.groupName === other.groupName &&
    one.address === other.address &&
    one.otherMachines === other.otherMachines
  );
}

function viewOf({ host, otherMachines, ...rest }: Seen): HostView {
  const { systemInfo } = host;
  return {
    ...host,
    ...rest,
    ...(otherMachines === undefined ? {} : { otherMachines: [...otherMachines] }),
    systemInfo: systemInfo === null ? null : briefly(systemInfo),
  };
}
