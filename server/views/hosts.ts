/** Hosts as operators see them. */

import type { Host, HostState, HostView, OtherMachine } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';
import { hostState, workingHosts } from '../../lib/rules/host-condition.ts';
import type { ViewContext } from './context.ts';

type HostContext = Pick<ViewContext, 'store' | 'connected' | 'otherMachines'>;

/** What is known of a host besides its record. */
export type Live = Pick<HostView, 'state' | 'groupName' | 'address'> & {
  readonly workers: readonly HostWorkerKind[];
  /** Undefined: none. */
  readonly otherMachines: readonly OtherMachine[] | undefined;
};

/** What is known of hosts now besides their records; many at once, so that tasks are gone through once. */
export function liveFinder({ store, connected, otherMachines }: HostContext): (host: Host) => Live {
  const { groups, tasks } = store.read();
  const groupNames = new Map(groups.map(({ id, name }) => [id, name]));
  const working = workingHosts(tasks);
  return ({ id, groupId }) => {
    const workers = connected.workersOn(id);
    return {
      state: hostState({ isConnected: workers.length > 0, isWorking: working.has(id) }),
      groupName: groupId === null ? null : (groupNames.get(groupId) ?? null),
      workers: workers.map(({ kind }) => kind),
      address: workers[0]?.address ?? null,
      otherMachines: otherMachines.of(id),
    };
  };
}

export function viewOf(host: Host, { workers, otherMachines, ...live }: Live): HostView {
  return {
    ...host,
    ...live,
    workers: [...workers],
    ...(otherMachines === undefined ? {} : { otherMachines: [...otherMachines] }),
  };
}

/** Hosts as operators see them. */
export function viewHosts(context: HostContext, hosts: readonly Host[]): HostView[] {
  const liveOf = liveFinder(context);
  return hosts.map((host) => viewOf(host, liveOf(host)));
}

/** Whether a worker of the host is connected and has work. */
export function hostStateOf({ connected, store }: HostContext, hostId: HostId): HostState {
  return hostState({
    isConnected: connected.workersOn(hostId).length > 0,
    isWorking: workingHosts(store.read().tasks).has(hostId),
  });
}

export function viewHost(context: HostContext, host: Host): HostView {
  const [view] = viewHosts(context, [host]);
  if (view === undefined) throw new TypeError('one host has one view');
  return view;
}
