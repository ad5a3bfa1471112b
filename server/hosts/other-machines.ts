/** Machines that said they were a host and were refused: operators are told, and may accept one. Forgotten at a restart. */

import type { Log } from '../../lib/log.ts';
import { identifyingSerial, serialOf } from '../../lib/hosts/machine-serial.ts';
import {
  MAX_OTHER_MACHINES,
  MAX_SEEN_ADDRESSES,
  type Host,
  type OtherMachine,
} from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import type { MacAddress, Sha256 } from '../../lib/model/names.ts';
import type { SystemInfo } from '../../lib/model/system-info.ts';
import { OperatorError } from '../../lib/errors.ts';
import { Rarely, type Pace } from '../net/rarely.ts';

/** A whole room of them is reported at once; a stranger who makes them up fills no log of 500 entries in a day. */
export const TELLING_PACE: Pace = { sameMs: 600_000, burst: 40, refillMs: 300_000 };
/** How often what is kept of a host changes, for those who look at it. */
const SEEN_AGAIN_MS = 10_000;
/** Engines come again every few seconds: one that has not for FORGET_MS is gone. */
export const FORGET_MS = 15 * 60_000;

export type OtherMachinesOptions = {
  readonly log: Log;
  readonly tell: (event: LogEvent) => void;
  readonly onChanged: () => void;
  /** Milliseconds, never set back. */
  readonly clock?: () => number;
};

/** Where a machine sends from that says it is a host. */
export type Sender = {
  readonly address: string;
  /** Its network adapter; null: it cannot be told. */
  readonly hardware: MacAddress | null;
  /** It is in none of the server's own subnets. */
  readonly isRouted: boolean;
  /** What the server keeps of the secret of its boot; null: it has said none. */
  readonly proof: Sha256 | null;
};

export class OtherMachines {
  readonly #options: OtherMachinesOptions;
  readonly #pace = new Rarely(TELLING_PACE);
  readonly #byHost = new Map<HostId, readonly OtherMachine[]>();
  /** The boot of each host that was logged on last: it is known by its secret, wherever it sends from. */
  readonly #boots = new Map<HostId, Sha256>();
  readonly #keptAt = new WeakMap<OtherMachine, number>();
  readonly #clock: () => number;

  constructor(options: OtherMachinesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? ((): number => performance.now());
  }

  /** Those of the host that came lately, oldest first: the same list until it changes. */
  of(hostId: HostId): readonly OtherMachine[] | undefined {
    const known = this.#byHost.get(hostId);
    if (known === undefined) return undefined;
    const since = this.#clock() - FORGET_MS;
    const recent = known.filter((machine) => (this.#keptAt.get(machine) ?? since) > since);
    if (recent.length === known.length) return known;
    if (recent.length === 0) this.#byHost.delete(hostId);
    else this.#byHost.set(hostId, recent);
    return this.#byHost.get(hostId);
  }

  /** The host is gone, or an operator has decided. */
  forget(hostId: HostId): void {
    this.#byHost.delete(hostId);
    this.#boots.delete(hostId);
  }

  /** The host's machine is logged on with this boot. */
  noteBoot(hostId: HostId, proof: Sha256 | null): void {
    if (proof === null) this.#boots.delete(hostId);
    else this.#boots.set(hostId, proof);
  }

  /**
   * Throws `not-allowed` when the sender's network adapter is none of the host's, and the host has been seen with one of
   * its own, or never at all; or when it came through a router, and the host has been in a subnet of the server's. Not
   * when it is the boot that was logged on last: that went from one dock to another. Returns whether it sends from an
   * adapter of its own.
   */
  refuseForeign(host: Host, { systemSerial }: SystemInfo, sender: Sender): boolean {
    const { address, hardware, isRouted, proof } = sender;
    const isSameBoot = proof !== null && this.#boots.get(host.id) === proof;
    const serialNumber = identifyingSerial(systemSerial);
    const at = new Date().toISOString();
    if (hardware === null) {
      if (!isRouted || isSameBoot || host.hasOwnAddress !== true) return false;
      this.#keep(host.id, { serialNumber, address, at, isRouted });
      if (this.#pace.mayPass(`router ${host.id} ${address}`)) {
        const what = { host: host.name, address };
        this.#options.log.warn({ event: 'routed-machine', ...what }, 'came through a router');
        this.#options.tell({ type: 'routed-machine', ...what });
      }
      throw routedError(host, address);
    }
    if (isSameBoot || adaptersOf(host).includes(hardware)) return true;
    const isRefused = host.hasOwnAddress === true || host.lastSeenAt === null;
    this.tellForeign(host, { address, hardware }, isRefused);
    if (!isRefused) return false;
    this.#keep(host.id, { serialNumber, address, at, hardwareAddress: hardware });
    throw new OperatorError({
      code: 'not-allowed',
      message: `taking the machine at ${address} for ${host.name}: it sends from the network adapter ${hardware}, which is none of that host's`,
      hint: `If it is ${host.name}: openclone host accept-machine ${host.name}. Where a device stands in for the hosts' adapters (proxy ARP, wireless bridge): openclone settings --check-addresses off.`,
    });
  }

  /** Operators hear of an adapter that is none of the host's. */
  tellForeign(
    host: Pick<Host, 'id' | 'name'>,
    { address, hardware }: { readonly address: string; readonly hardware: MacAddress },
    isRefused: boolean,
  ): void {
    if (!this.#pace.mayPass(`adapter ${host.id} ${address}`)) return;
    const what = { host: host.name, address, hardwareAddress: hardware, isRefused };
    this.#options.log.warn({ event: 'foreign-adapter', ...what }, 'an adapter of another machine');
    this.#options.tell({ type: 'foreign-adapter', ...what });
  }

  /**
   * Throws `not-allowed` when what connects from `address` is not the machine that the host has been. A machine that
   * has told its serial number once must tell it always: a network adapter that is carried to another machine, or a
   * MAC address that somebody else uses, must not carry the host's work there.
   */
  refuse(host: Host, { systemSerial }: SystemInfo, address: string): void {
    const expected = serialOf(host);
    const told = identifyingSerial(systemSerial);
    if (expected === null || expected === told) return;
    const { log, tell } = this.#options;
    this.#keep(host.id, { serialNumber: told, address, at: new Date().toISOString() });
    if (this.#pace.mayPass(`${host.id} ${address}`)) {
      const what = { host: host.name, address, serialNumber: told, expected };
      log.warn({ event: 'other-machine-refused', ...what }, 'another machine says it is this host');
      tell({ type: 'other-machine-refused', ...what });
    }
    const whose = told === null ? 'without a serial number' : `with serial number ${told}`;
    // A stranger must not hear which one it would be.
    throw new OperatorError({
      code: 'not-allowed',
      message: `taking a machine ${whose} for ${host.name}, which has another one`,
      hint: `If ${host.name} got a new main board: openclone host accept-machine ${host.name}. If a network adapter was moved, give the host its own MAC address.`,
    });
  }

  /** Operators hear that a machine at the address `refused` says it is the host whose engine at `address` answers. */
  tellTwo(host: Host, address: string, refused: string): void {
    if (!this.#pace.mayPass(`two ${host.id} ${refused}`)) return;
    const what = { host: host.name, address, refused };
    this.#options.log.warn(
      { event: 'two-machines', ...what },
      'two machines say they are one host',
    );
    this.#options.tell({ type: 'two-machines', ...what });
  }

  #keep(hostId: HostId, machine: OtherMachine): void {
    const before = this.of(hostId) ?? [];
    this.#keptAt.set(machine, this.#clock());
    const same = before.find(
      ({ address, serialNumber, hardwareAddress, isRouted, at }) =>
        address === machine.address &&
        isRouted === machine.isRouted &&
        hardwareAddress === machine.hardwareAddress &&
        serialNumber === machine.serialNumber &&
        Date.parse(machine.at) - Date.parse(at) < SEEN_AGAIN_MS,
    );
    if (same !== undefined) return;
    const others = before.filter(({ address }) => address !== machine.address);
    this.#byHost.set(hostId, [...others, machine].slice(-MAX_OTHER_MACHINES));
    this.#options.onChanged();
  }
}

/** All network adapters that are known to be the host's. */
function adaptersOf({
  mac,
  systemInfo,
  acceptedAddresses = [],
  seenAddresses = [],
}: Host): MacAddress[] {
  const named = (systemInfo?.interfaces ?? []).map((each) => each.mac);
  return [mac, ...named, ...acceptedAddresses, ...seenAddresses];
}

/** What a host that sends from an adapter of its own has sent from, with `hardware`. */
export function seenWith({ seenAddresses = [] }: Host, hardware: MacAddress): MacAddress[] {
  const others = seenAddresses.filter((each) => each !== hardware);
  return [...others, hardware].slice(-MAX_SEEN_ADDRESSES);
}

function routedError({ name }: Host, address: string): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: `taking the machine at ${address} for ${name}: it comes through a router, and ${name} has been in a network of this server`,
    hint: `If ${name} was moved there: openclone host accept-machine ${name}. To look at no host's address: openclone settings --check-addresses off.`,
  });
}
