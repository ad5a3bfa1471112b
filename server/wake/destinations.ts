/** Where a host's magic packet goes: as a broadcast into the subnet it is in, or into all when that is not known. */

import { networkInterfaces } from 'node:os';
import { broadcastAddressOf, isInNetwork } from '../../lib/network/ipv4.ts';
import type { Host } from '../../lib/model/host.ts';
import type { Subnet } from '../../lib/model/site.ts';

/** The part of a subnet that counts here. */
export type WakeSubnet = Pick<Subnet, 'networkAddress' | 'prefixLength' | 'serverAddress'>;

export type WakeDestination = {
  /** The server's address that the packet comes from, by which it takes the right interface. */
  readonly sourceAddress: string;
  /** A directed broadcast, "10.77.0.255"; into a relayed subnet its router must let it in. */
  readonly broadcastAddress: string;
};

/** The subnet of the host's fixed or last address; all of `subnets`, when it is in none of them. */
export function wakeDestinations(host: Host, subnets: readonly WakeSubnet[]): WakeDestination[] {
  const addresses = knownAddresses(host);
  const own = subnets.filter(({ networkAddress, prefixLength }) =>
    addresses.some((address) => isInNetwork(address, networkAddress, prefixLength)),
  );
  return (own.length > 0 ? own : subnets).map(
    ({ networkAddress, prefixLength, serverAddress }) => ({
      sourceAddress: serverAddress,
      broadcastAddress: broadcastAddressOf(networkAddress, prefixLength),
    }),
  );
}

/** The subnets of this machine's own interfaces, for a server that no site describes. */
export function localSubnets(): WakeSubnet[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .flatMap(({ address, cidr }) => {
      const prefixLength = Number(cidr?.split('/')[1]);
      // A network of two addresses or one has no broadcast address (RFC 3021).
      return prefixLength <= 30
        ? [{ networkAddress: address, prefixLength, serverAddress: address }]
        : [];
    });
}

/** The address that an operator gave it, else the ones it had when its engine ran last. */
function knownAddresses(host: Host): string[] {
  if (host.ipAddress !== null) return [host.ipAddress];
  return (host.systemInfo?.interfaces ?? [])
    .filter(({ mac }) => mac === host.mac)
    .flatMap(({ addresses }) => addresses.map((each) => each.split('/')[0] ?? ''))
    .filter((address) => address.includes('.'));
}
