/** Operators' calls about hosts. */

import type { Host } from '../../lib/model/host.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { MacAddress } from '../../lib/model/names.ts';
import type { Task } from '../../lib/model/task.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { HOST_METHODS } from '../../lib/protocol/operator-api/hosts.ts';
import { findGroup, findHost, hostFinder, refuseTakenName, refuseIf } from '../lookup.ts';
import { compareNames } from '../compare-names.ts';
import { resolveTargets } from '../resolve-targets.ts';
import { newHost } from '../hosts/new-host.ts';
import { fittingHosts } from '../views/answer-size.ts';
import { hostStateOf, viewHost, viewHosts } from '../views/hosts.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { hostChangeHandlers } from './host-changes.ts';
import { machineHandlers } from './machines.ts';
import { wakeHandlers } from './wake.ts';
import { message } from '../../lib/model/messages/table.ts';

export function hostHandlers(context: ApiContext): Handlers<typeof HOST_METHODS, [Caller]> {
  const { store, connected } = context;
  return {
    ...hostChangeHandlers(context),
    ...machineHandlers(context),
    ...wakeHandlers(context),
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
    'host.edit': async ({ host: reference, ...changes }, caller) => {
      const { name, mac, group, serialNumber, ipAddress, debugShell, localBoot } = changes;
      const edited = await caller.store.change((data) => {
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
    'host.add': async ({ mac, name, group, ipAddress }, caller) => {
      const added = await caller.store.change((data) => {
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
    'host.approve': async ({ hosts: references }, caller) => {
      const approved = await caller.store.change((data) => {
        const hostOf = hostFinder(data.hosts);
        return references.map((reference) => {
          const host = hostOf(reference);
          host.approval = 'approved';
          return host;
        });
      });
      return viewHosts(context, approved);
    },
    'host.clear': async ({ host: reference }, caller) => {
      const cleared = await caller.store.change((data) => {
        const host = findHost(data.hosts, reference);
        const { halfWritten } = host;
        refuseIf(
          refusalFor('host.clear', { halfWritten }),
          `taking the disk of ${host.name} for complete`,
        );
        host.halfWritten = null;
        host.alsoHalfWritten = [];
        // Clearing the mark also cancels the pending retry.
        for (const run of data.tasks.flatMap(({ runs }) => runs)) {
          if (run.hostId === host.id && run.state === 'interrupted') run.cancelRequested = true;
        }
        return host;
      });
      return viewHost(context, cleared);
    },
    'host.delete': async ({ host: reference }, caller) => {
      const deleted = await caller.store.change((data) => {
        const host = findHost(data.hosts, reference);
        refuseIf(
          refusalFor('host.delete', {
            hostState: hostStateOf(context, host.id),
            unfinishedRuns: unfinishedRuns(data.tasks, host.id),
            halfWritten: host.halfWritten,
          }),
          `deleting ${host.name}`,
        );
        data.hosts = data.hosts.filter((other) => other.id !== host.id);
        return host.id;
      });
      context.otherMachines.forget(deleted);
      connected.workerOn(deleted)?.close('end.host-deleted');
      return {};
    },
  };
}

function refuseTakenMac(others: readonly Host[], mac: MacAddress, doing: string): void {
  const clash = others.find((other) => other.mac === mac);
  refuseIf(clash === undefined ? null : message('reason.held-by', { host: clash.name }), doing);
}

function refuseTakenAddress(others: readonly Host[], address: string, doing: string): void {
  const clash = others.find((other) => other.ipAddress === address);
  refuseIf(clash === undefined ? null : message('reason.held-by', { host: clash.name }), doing);
}

function unfinishedRuns(tasks: readonly Task[], hostId: HostId): number {
  return tasks
    .flatMap((task) => task.runs)
    .filter((run) => run.hostId === hostId && (run.state === 'waiting' || run.state === 'running'))
    .length;
}
