/** Hosts as operators see them. */

import type { Host, HostState, HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Task } from '../../lib/model/task.ts';
import type { ViewContext } from './context.ts';

type HostContext = Pick<ViewContext, 'store' | 'connected' | 'otherMachines'>;

/** Whether an engine is connected and has work. */
export function hostState({ connected, store }: HostContext, hostId: HostId): HostState {
  if (connected.workerOn(hostId) === undefined) return 'off';
  return isWorking(store.read().tasks, hostId) ? 'working' : 'idle';
}

/** Hosts as operators see them; many at once, so that tasks are gone through once. */
export function viewHosts(context: HostContext, hosts: readonly Host[]): HostView[] {
  const { groups, tasks } = context.store.read();
  const groupNames = new Map(groups.map((group) => [group.id, group.name]));
  const working = workingHosts(tasks);
  return hosts.map((host) => {
    const engine = context.connected.workerOn(host.id);
    const state = engine === undefined ? 'off' : working.has(host.id) ? 'working' : 'idle';
    return {
      ...host,
      state,
      groupName: host.groupId === null ? null : (groupNames.get(host.groupId) ?? null),
      address: engine?.address ?? null,
      ...machinesOf(context, host.id),
    };
  });
}

function machinesOf(
  { otherMachines }: Pick<HostContext, 'otherMachines'>,
  hostId: HostId,
): Pick<HostView, 'otherMachines'> {
  const known = otherMachines.of(hostId);
  return known === undefined ? {} : { otherMachines: [...known] };
}

/** Hosts with a run that is under way. */
export function workingHosts(tasks: readonly Task[]): Set<HostId> {
  return new Set(
    tasks.flatMap((task) =>
      task.runs.filter((run) => run.state === 'running').map((run) => run.hostId),
    ),
  );
}

export function viewHost(context: HostContext, host: Host): HostView {
  const [view] = viewHosts(context, [host]);
  if (view === undefined) throw new TypeError('one host has one view');
  return view;
}

function isWorking(tasks: readonly Task[], hostId: HostId): boolean {
  return tasks.some((task) =>
    task.runs.some((run) => run.hostId === hostId && run.state === 'running'),
  );
}
