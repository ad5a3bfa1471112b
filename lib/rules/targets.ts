/** What an operator's word for hosts means: a host by id, name, MAC or IP address, or a group by id or name. */

import type { Group } from '../model/group.ts';
import type { Host } from '../model/host.ts';
import { MacAddress } from '../model/names.ts';
import { isSameName, nameKey } from './same-name.ts';

type HostRef = Pick<Host, 'id' | 'name' | 'mac' | 'ipAddress' | 'groupId'>;
type GroupRef = Pick<Group, 'id' | 'name'>;

export type Target<H, G> =
  | { readonly type: 'host'; readonly host: H }
  | { readonly type: 'group'; readonly group: G; readonly hosts: readonly H[] }
  | { readonly type: 'unknown' }
  /** Several hosts, or a host and a group, are called so. */
  | { readonly type: 'several-hosts'; readonly hosts: readonly H[] }
  | { readonly type: 'host-and-group'; readonly host: H; readonly group: G };

/** What finds a host: what it has, and what a reference says of that; null: nothing. */
const WAYS: readonly {
  readonly has: (host: HostRef) => string | null;
  readonly asked: (reference: string) => string | null;
}[] = [
  { has: ({ id }) => id, asked: (reference) => reference },
  { has: ({ name }) => nameKey(name), asked: nameKey },
  { has: ({ ipAddress }) => ipAddress, asked: (reference) => reference },
  { has: ({ mac }) => mac, asked: (reference) => MacAddress.safeParse(reference).data ?? null },
];

/** Every host that `reference` means: more than one only where they share an address or a name. */
export function hostsNamed<H extends HostRef>(hosts: readonly H[], reference: string): H[] {
  const asked = WAYS.map((way) => way.asked(reference));
  return hosts.filter((host) =>
    WAYS.some(({ has }, way) => asked[way] !== null && has(host) === asked[way]),
  );
}

/** As hostsNamed, of many references: the hosts are gone through once. They must not change meanwhile. */
export function hostsByName<H extends HostRef>(hosts: readonly H[]): (reference: string) => H[] {
  const places = WAYS.map(({ has }) => placesBy(hosts, has));
  return (reference) => {
    const found = WAYS.flatMap(({ asked }, way) => {
      const key = asked(reference);
      return key === null ? [] : (places[way]?.get(key) ?? []);
    });
    return at(
      hosts,
      [...new Set(found)].toSorted((one, other) => one - other),
    );
  };
}

export function groupNamed<G extends GroupRef>(
  groups: readonly G[],
  reference: string,
): G | undefined {
  return groups.find((group) => group.id === reference || isSameName(group.name, reference));
}

/** As groupNamed, of many references. */
export function groupsByName<G extends GroupRef>(
  groups: readonly G[],
): (reference: string) => G | undefined {
  const ids = placesBy(groups, ({ id }) => id);
  const names = placesBy(groups, ({ name }) => nameKey(name));
  return (reference) => {
    const found = [...(ids.get(reference) ?? []), ...(names.get(nameKey(reference)) ?? [])];
    return found.length === 0 ? undefined : groups[Math.min(...found)];
  };
}

/** What each of many references means; hosts and groups are gone through once, and must not change meanwhile. */
export function targetsByName<H extends HostRef, G extends GroupRef>({
  hosts,
  groups,
}: {
  readonly hosts: readonly H[];
  readonly groups: readonly G[];
}): (reference: string) => Target<H, G> {
  const hostsOf = hostsByName(hosts);
  const groupOf = groupsByName(groups);
  const members = placesBy(hosts, ({ groupId }) => groupId);
  return (reference) => {
    const named = hostsOf(reference);
    const group = groupOf(reference);
    const [host] = named;
    if (named.length > 1) return { type: 'several-hosts', hosts: named };
    if (host !== undefined) {
      return group === undefined ? { type: 'host', host } : { type: 'host-and-group', host, group };
    }
    if (group === undefined) return { type: 'unknown' };
    return { type: 'group', group, hosts: at(hosts, members.get(group.id) ?? []) };
  };
}

/** Where in the list those with a key are, in its order. */
function placesBy<T>(
  list: readonly T[],
  keyOf: (each: T) => string | null,
): ReadonlyMap<string, number[]> {
  const places = new Map<string, number[]>();
  const note = (key: string | null, place: number): boolean => {
    if (key === null) return false;
    const same = places.get(key);
    if (same === undefined) places.set(key, [place]);
    else same.push(place);
    return false;
  };
  // By a predicate: a loop over a list that is being changed (a draft of the store) would copy every record.
  list.some((each, place) => note(keyOf(each), place));
  return places;
}

function at<T>(list: readonly T[], places: readonly number[]): T[] {
  return places.flatMap((place) => list[place] ?? []);
}
