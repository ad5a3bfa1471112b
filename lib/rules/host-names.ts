/** Names and addresses of many hosts by a rule, and what stands against them: for server and programs alike. */

import type { Host } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import { Hostname } from '../model/names.ts';

/** "WS-" from 10 in steps of 10: WS-010, WS-020. */
export type NameRule = { readonly prefix: string; readonly start: number; readonly step: number };
/** From 10.77.0.20 in steps of 2: 10.77.0.20, 10.77.0.22. */
export type AddressRule = { readonly start: string; readonly step: number };

/** Names have three digits: so far, and no further. */
export const LAST_NAME_NUMBER = 999;
/** 255 is the broadcast address, 0 the network's own. */
const LAST_OCTET = 254;

/** A name for each of `count` hosts; null for those that the three digits have no number for. */
export function namesByRule({ prefix, start, step }: NameRule, count: number): (string | null)[] {
  return Array.from({ length: count }, (_, index) => {
    const number = start + index * step;
    if (!isWhole(number, 0, LAST_NAME_NUMBER)) return null;
    return `${prefix}${String(number).padStart(3, '0')}`;
  });
}

/** An address for each of `count` hosts; null for those that the last octet has no room for (1 to 254). */
export function addressesByRule({ start, step }: AddressRule, count: number): (string | null)[] {
  const octets = start.split('.');
  const network = octets.slice(0, 3).join('.');
  const first = Number(octets[3]);
  return Array.from({ length: count }, (_, index) => {
    const octet = first + index * step;
    return isWhole(octet, 1, LAST_OCTET) ? `${network}.${octet}` : null;
  });
}

/** What one host is to be called, and to have as its address; what is absent stays. */
export type HostChange = {
  readonly host: HostId;
  readonly name?: string | undefined;
  readonly ipAddress?: string | null | undefined;
};

/** Why a change cannot be made, and which other host is in its way. */
export type HostConflict = {
  readonly type: 'invalid-name' | 'name-taken' | 'address-taken';
  /** What the change wants. */
  readonly wanted: string;
  /** The other host; null when there is none. */
  readonly other: { readonly name: string; readonly isChanged: boolean } | null;
};

type Known = Pick<Host, 'id' | 'name' | 'ipAddress'>;

/**
 * What stands against each change when all of them are made at once (so that two hosts can swap their names), in
 * the order of `changes`; null where nothing does. Capitals make no difference to names.
 */
export function conflictsOf(
  hosts: readonly Known[],
  changes: readonly HostChange[],
): (HostConflict | null)[] {
  const wanted = new Map(changes.map((change) => [change.host, change]));
  const byName = new Map<string, Known[]>();
  const byAddress = new Map<string, Known[]>();
  for (const host of hosts) {
    const change = wanted.get(host.id);
    const address = change?.ipAddress === undefined ? host.ipAddress : change.ipAddress;
    collect(byName, (change?.name ?? host.name).toLowerCase(), host);
    if (address !== null) collect(byAddress, address, host);
  }
  return changes.map(({ host, name, ipAddress }): HostConflict | null => {
    const otherOf = (found: readonly Known[] = []): HostConflict['other'] => {
      const other = found.find(({ id }) => id !== host);
      return other === undefined ? null : { name: other.name, isChanged: wanted.has(other.id) };
    };
    if (name !== undefined) {
      if (!Hostname.safeParse(name).success) {
        return { type: 'invalid-name', wanted: name, other: null };
      }
      const other = otherOf(byName.get(name.toLowerCase()));
      if (other !== null) return { type: 'name-taken', wanted: name, other };
    }
    if (ipAddress === undefined || ipAddress === null) return null;
    const other = otherOf(byAddress.get(ipAddress));
    return other === null ? null : { type: 'address-taken', wanted: ipAddress, other };
  });
}

function collect(map: Map<string, Known[]>, key: string, host: Known): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [host]);
  else found.push(host);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
