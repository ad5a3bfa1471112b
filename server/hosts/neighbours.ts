/** Whose hardware address a sender has: the kernel's neighbour table (arp(7)), of the server's own subnets. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isInNetwork } from '../../lib/network/ipv4.ts';
import { MacAddress } from '../../lib/model/names.ts';
import { localSubnets } from '../wake/destinations.ts';

/** ATF_COM of linux/if_arp.h: the entry has been completed. */
const COMPLETE = 0x02;

/**
 * The MAC address that frames to the IPv4 `address` go to now. Null when it cannot be told: who sends from behind a
 * router, from this machine, or by IPv6 is not in the table. Who is connected is in it, for the answers have to arrive.
 */
export async function neighbourOf(address: string): Promise<MacAddress | null> {
  return parseNeighbour(await readFile('/proc/net/arp', 'latin1').catch(() => ''), address);
}

/** Reads /proc/net/arp: address, type, flags, hardware address, mask, device. */
export function parseNeighbour(table: string, address: string): MacAddress | null {
  for (const line of table.split('\n')) {
    const [ip, , flags, hardware] = line.split(/\s+/);
    if (ip !== address || (Number(flags) & COMPLETE) === 0) continue;
    const mac = MacAddress.safeParse(hardware);
    if (mac.success) return mac.data;
  }
  return null;
}

/** Whether the IPv4 `address` is in none of the networks that this machine has an address in (but in its own loopback). */
export function isBehindRouter(address: string, subnets = localSubnets()): boolean {
  if (!z.ipv4().safeParse(address).success || address.startsWith('127.')) return false;
  return !subnets.some(({ networkAddress, prefixLength }) =>
    isInNetwork(address, networkAddress, prefixLength),
  );
}
