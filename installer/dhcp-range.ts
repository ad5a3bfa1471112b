/** The default range of addresses of our own DHCP server. */

import {
  addressCount,
  ipv4FromNumber,
  ipv4ToNumber,
  networkAddressOf,
} from '../lib/network/ipv4.ts';

/** More than that need no room; fewer leave the rest of a large network alone. */
const MAX_ADDRESSES = 4000;

/**
 * The longest stretch of the upper half of the network (small networks: of all of it) that has none of `taken`;
 * null when the network has no room. Network and broadcast address are never part of it.
 */
export function proposeRange(
  member: string,
  prefixLength: number,
  taken: readonly string[],
): { readonly firstAddress: string; readonly lastAddress: string } | null {
  const network = ipv4ToNumber(networkAddressOf(member, prefixLength));
  const count = addressCount(prefixLength);
  // Below, people have their printers and servers.
  const first = network + (count >= 64 ? count / 2 : 1);
  const last = Math.min(network + count - 2, first + MAX_ADDRESSES - 1);
  const walls = taken
    .map(ipv4ToNumber)
    .filter((address) => address >= first && address <= last)
    .sort((a, b) => a - b);
  let best: { from: number; to: number } | null = null;
  let from = first;
  for (const wall of [...walls, last + 1]) {
    const to = wall - 1;
    if (to >= from && (best === null || to - from > best.to - best.from)) best = { from, to };
    from = wall + 1;
  }
  if (best === null) return null;
  return { firstAddress: ipv4FromNumber(best.from), lastAddress: ipv4FromNumber(best.to) };
}
