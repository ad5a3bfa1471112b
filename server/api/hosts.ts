/** Operators' calls about hosts. */

import type { Host, HostState, HostView } from '../../lib/model/host.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { MacAddress } from '../../lib/model/names.ts';
import type { Task } from '../../lib/model/task.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import { findGroup, findHost, refuseTakenName, refuseIf } from '../lookup.ts';
import { compareNames } from '../compare-names.ts';
import { resolveTargets } from '../resolve-targets.ts';
import { newHost } from '../hosts/new-host.ts';
import { fittingHosts } from '../views/answer-size.ts';
import type { ApiContext } from './context.ts';

type HostMethods =
  | 'host.list'
  | 'host.resolve'
  | 'host.show'
  | 'host.edit'
  | 'host.add'
  | 'host.approve'
  | 'host.clear'
  | 'host.delete';

export function hostHandlers(context: ApiContext): Pick<Handlers<OperatorMethods>, HostMethods> {
  const { store, live } = context;
  return {
    'host.list': async ({ group }) => {
      const { hosts, groups } = store.read();
      const groupId = group === null ? null : findGroup(groups, group).id;
      const shown = hosts.filter((host) => groupId === null || host.groupId === groupId);
      const byName = shown.toSorted((one, other) => compareNames(one.name, other.name));
      return Promise.resolve(fittingHosts(viewHosts(context, byName)));
    },
    'host.resolve': async ({ targets }) =>
      Promise.resolve(fittingHosts(viewHosts(context, resolveTargets(store.read(), targets)))),
    'host.show': async ({ host }) =>
      Promise.resolve(viewHost(context, findHost(store.read().hosts, host))),
    'host.edit': async ({ host: reference, ...changes }) => {
      const { name, mac, group, serialNumber, ipAddress, debugShell, localBoot } = changes;
      const edited = await store.change((data) => {
        const host = findHost(data.hosts, reference);
        const others = data.hosts.filter((other) => other.id !== host.id);
        if (name !== undefined) refuseTakenName('host', others, name);
        if (mac !== undefined)
          refuseTakenMac(others, mac, `giving ${host.name} the MAC address ${mac}`);
        if (ipAddress !== undefined && ipAddress !== null) {
          refuseTakenAddress(others, ipAddress, `giving ${host.name} the address ${ipAddress}`);
        }
        host.name = name ?? host.name;
        host.mac = mac ?? host.mac;
        if (group !== undefined)
          host.groupId = group === null ? null : findGroup(data.groups, group).id;
        if (serialNumber !== undefined) host.serialNumber = serialNumber;
        if (ipAddress !== undefined) host.ipAddress = ipAddress;
        if (debugShell !== undefined) host.debugShell = debugShell;
        if (localBoot !== undefined) host.localBoot = localBoot;
        return host.id;
      });
      return viewHost(context, findHost(store.read().hosts, edited));
    },
    'host.add': async ({ mac, name, group, ipAddress }) => {
      const added = await store.change((data) => {
        refuseTakenMac(data.hosts, mac, `adding the host ${mac}`);
        if (name !== undefined) refuseTakenName('host', data.hosts, name);
        if (ipAddress !== undefined) {
          refuseTakenAddress(data.hosts, ipAddress, `adding the host ${mac}`);
        }
        const host = newHost({
          ...(name === undefined ? {} : { name }),
          mac,
          groupId: group === undefined ? null : findGroup(data.groups, group).id,
          ipAddress: ipAddress ?? null,
          approval: 'approved',
        });
        data.hosts.push(host);
        return host;
      });
      return viewHost(context, added);
    },
    'host.approve': async ({ hosts: references }) => {
      const approved = await store.change((data) =>
        references.map((reference) => {
          const host = findHost(data.hosts, reference);
          host.approval = 'approved';
          return host;
        }),
      );
      return viewHosts(context, approved);
    },
    'host.clear': async ({ host: reference }) => {
      const cleared = await store.change((data) => {
        const host = findHost(data.hosts, reference);
        const { halfWritten } = host;
        refuseIf(
          refusalFor('host.clear', { halfWritten }),
          `taking the disk of ${host.name} for complete`,
        );
        host.halfWritten = null;
        host.alsoHalfWritten = [];
        // Whoever says that the disk is in order does not want it written because it was not.
        for (const run of data.tasks.flatMap(({ runs }) => runs)) {
          if (run.hostId === host.id && run.state === 'interrupted') run.cancelRequested = true;
        }
        return host;
      });
      return viewHost(context, cleared);
    },
    'host.delete': async ({ host: reference }) => {
      const deleted = await store.change((data) => {
        const host = findHost(data.hosts, reference);
        refuseIf(
          refusalFor('host.delete', {
            hostState: hostState(context, host.id),
            unfinishedRuns: unfinishedRuns(data.tasks, host.id),
            halfWritten: host.halfWritten,
          }),
          `deleting ${host.name}`,
        );
        data.hosts = data.hosts.filter((other) => other.id !== host.id);
        return host.id;
      });
      context.otherMachines.forget(deleted);
      live.workerOn(deleted)?.close('the host was deleted');
      return {};
    },
  };
}

function refuseTakenMac(others: readonly Host[], mac: MacAddress, doing: string): void {
  const clash = others.find((other) => other.mac === mac);
  refuseIf(clash === undefined ? null : `${clash.name} has it`, doing);
}

function refuseTakenAddress(others: readonly Host[], address: string, doing: string): void {
  const clash = others.find((other) => other.ipAddress === address);
  refuseIf(clash === undefined ? null : `${clash.name} has it`, doing);
}

/** Whether an engine is connected and has work. */
export function hostState({ live, store }: ApiContext, hostId: HostId): HostState {
  if (live.workerOn(hostId) === undefined) return 'off';
  return isWorking(store.read().tasks, hostId) ? 'working' : 'idle';
}

/** Hosts as operators see them; many at once, so that tasks are gone through once. */
export function viewHosts(context: ApiContext, hosts: readonly Host[]): HostView[] {
  const { groups, tasks } = context.store.read();
  const groupNames = new Map(groups.map((group) => [group.id, group.name]));
  const working = workingHosts(tasks);
  return hosts.map((host) => {
    const engine = context.live.workerOn(host.id);
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
  { otherMachines }: Pick<ApiContext, 'otherMachines'>,
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

export function viewHost(context: ApiContext, host: Host): HostView {
  const [view] = viewHosts(context, [host]);
  if (view === undefined) throw new TypeError('one host has one view');
  return view;
}

function isWorking(tasks: readonly Task[], hostId: HostId): boolean {
  return tasks.some((task) =>
    task.runs.some((run) => run.hostId === hostId && run.state === 'running'),
  );
}

function unfinishedRuns(tasks: readonly Task[], hostId: HostId): number {
  return tasks
    .flatMap((task) => task.runs)
    .filter((run) => run.hostId === hostId && (run.state === 'waiting' || run.state === 'running'))
    .length;
}
