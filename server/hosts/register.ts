/** Hosts make themselves known: found or made at registration, and brought up to date at every logon. */

import { boundedSystemInfo } from '../../lib/hosts/bounded-system-info.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Host } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { MAX_PENDING_INFO_BYTES, MAX_SYSTEM_INFO_BYTES } from '../../lib/model/limits.ts';
import type { MacAddress } from '../../lib/model/names.ts';
import type { SystemInfo } from '../../lib/model/system-info.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';
import { isRegistrationOpen } from '../../lib/rules/registration.ts';
import type { Store } from '../store/store.ts';
import { newHost } from './new-host.ts';
import { seenWith, type OtherMachines } from './other-machines.ts';
import type { Registrations } from './registrations.ts';

/** Throws when the machine is not the one that the host has been; returns what it sends from, and whether that is its own. */
export type MachineCheck = (
  host: Host,
  systemInfo: SystemInfo,
) => { readonly isOwn: boolean; readonly hardware: MacAddress | null };

/** The host with one of these MAC addresses, made if there is none: called after the first address. */
export async function registerHost(
  {
    store,
    registrations,
    otherMachines,
  }: {
    readonly store: Store;
    readonly registrations: Registrations;
    readonly otherMachines: OtherMachines;
  },
  {
    worker,
    address,
    hardware,
    macAddresses,
    systemInfo,
  }: {
    readonly worker: HostWorkerKind;
    readonly address: string;
    readonly hardware: MacAddress | null;
    readonly macAddresses: readonly MacAddress[];
    readonly systemInfo: SystemInfo;
  },
  refuseOther: MachineCheck,
): Promise<Host> {
  const known = findByMac(store.read().hosts, macAddresses);
  if (known !== undefined) {
    refuseOther(known, systemInfo);
    const hasHadShell = known.debugShell && worker === 'engine';
    return hasHadShell ? await endDebugShell(store, known.id) : known;
  }
  // What is new under an address that is not the sender's own waits for an operator.
  const isItself = hardware === null || hardware === macAddresses[0];
  const made = await store.change((data) => {
    const raced = findByMac(data.hosts, macAddresses);
    if (raced !== undefined) {
      refuseOther(raced, systemInfo);
      return raced;
    }
    const [mac] = macAddresses;
    if (mac === undefined) throw new TypeError('a host without a MAC address');
    const isOpen = isRegistrationOpen(data.settings, Date.now());
    const approval = isOpen && isItself ? 'approved' : 'pending';
    registrations.check(data.hosts, approval, address, `registering the host ${mac}`);
    const host = newHost({
      mac,
      approval,
      lastSeenAt: new Date().toISOString(),
      systemInfo: keptOf(systemInfo, approval),
    });
    data.hosts.push(host);
    registrations.note(host, address);
    return host;
  });
  if (!isItself) otherMachines.tellForeign(made, { address, hardware }, false);
  return made;
}

/** `host`, which was found by `hostId`. Throws `not-found`, so that the engine registers again. */
export function knownHost<H extends Host>(
  host: H | undefined,
  hostId: HostId,
  macAddresses: readonly MacAddress[],
): H {
  if (host === undefined || !macAddresses.includes(host.mac)) throw unknownHost(hostId);
  return host;
}

export function unknownHost(hostId: HostId): OperatorError {
  return new OperatorError({
    code: 'not-found',
    message: `logging on as host ${hostId}: it is not known with this MAC address`,
    hint: 'The host was deleted or its MAC address changed; the engine registers again.',
  });
}

/** As much as the store keeps: of hosts that nobody has approved, strangers can make many. */
function keptOf(systemInfo: SystemInfo, approval: Host['approval']): SystemInfo {
  const isPending = approval === 'pending';
  return boundedSystemInfo(systemInfo, isPending ? MAX_PENDING_INFO_BYTES : MAX_SYSTEM_INFO_BYTES);
}

/** The shell was for one start of the engine, which is this one: an engine that is running does not register again. */
async function endDebugShell(store: Store, hostId: HostId): Promise<Host> {
  return store.change((data) => {
    const host = data.hosts.find((candidate) => candidate.id === hostId);
    if (host === undefined) throw unknownHost(hostId);
    host.debugShell = false;
    return host;
  });
}

/** The host with the first of the addresses that is known: the engine names the one it boots from first. */
function findByMac(hosts: readonly Host[], macAddresses: readonly MacAddress[]): Host | undefined {
  for (const mac of macAddresses) {
    const host = hosts.find((candidate) => candidate.mac === mac);
    if (host !== undefined) return host;
  }
  return undefined;
}

/** What the host is like now, as a worker of it says at logon. */
export async function noteLogon(
  store: Store,
  hostId: HostId,
  macAddresses: readonly MacAddress[],
  systemInfo: SystemInfo,
  refuseOther: MachineCheck,
): Promise<void> {
  await store.change((data) => {
    const found = data.hosts.find(({ id }) => id === hostId);
    const host = knownHost(found, hostId, macAddresses);
    const { isOwn, hardware } = refuseOther(host, systemInfo);
    if (isOwn) host.hasOwnAddress = true;
    if (isOwn && hardware !== null) host.seenAddresses = seenWith(host, hardware);
    host.lastSeenAt = new Date().toISOString();
    host.systemInfo = keptOf(systemInfo, host.approval);
  });
}
