/** Subnets that hosts could not be served in as planned. */

import { ipv4ToNumber, isInNetwork } from '../../lib/network/ipv4.ts';
import type { Site } from '../../lib/model/site.ts';
import type { DhcpServers } from '../facts/dhcp-servers.ts';
import type { Interface } from '../facts/interfaces.ts';
import { type Obstacle, obstacle, possibleObstacle } from './obstacle.ts';

/** Names of subnets name directories and tags. */
export function subnetObstacles({ subnets }: Site): Obstacle[] {
  const names = subnets.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) =>
    obstacle(`two subnets have the name ${name}`, 'Answer with another name in "otherSubnets".'),
  );
}

/** Addresses that this machine does not have where it should. */
export function addressObstacles(site: Site, interfaces: readonly Interface[]): Obstacle[] {
  return site.subnets
    .filter(
      ({ interfaceName, serverAddress }) =>
        !interfaces.some(
          ({ name, addresses }) =>
            name === interfaceName && addresses.some(({ address }) => address === serverAddress),
        ),
    )
    .map(({ name, interfaceName, serverAddress }) =>
      obstacle(
        `the address ${serverAddress} of the subnet ${name} is not on the interface ${interfaceName}`,
        'Give the interface this address for good (hosts are told it), or answer with the address that it has.',
      ),
    );
}

/** Addresses that hosts could not use, or that are this server's own. */
export function rangeObstacles(site: Site): Obstacle[] {
  return site.subnets.flatMap(({ name, serverAddress, networkAddress, prefixLength, dhcp }) => {
    if (dhcp.type !== 'full') return [];
    const [first, last, own] = [dhcp.firstAddress, dhcp.lastAddress, serverAddress].map(
      ipv4ToNumber,
    );
    const isInside = [dhcp.firstAddress, dhcp.lastAddress].every((address) =>
      isInNetwork(address, networkAddress, prefixLength),
    );
    const range = `the range ${dhcp.firstAddress} to ${dhcp.lastAddress} of the subnet ${name}`;
    if (first === undefined || last === undefined || own === undefined) return [];
    if (!isInside || first > last) {
      return [
        obstacle(
          `${range} is none of ${networkAddress}/${prefixLength}`,
          'Answer with another range.',
        ),
      ];
    }
    if (own < first || own > last) return [];
    return [obstacle(`${range} has this server's own address in it`, 'Answer with another range.')];
  });
}

/** By the interface on which we would begin to give addresses. */
export function dhcpObstacles(servers: ReadonlyMap<string, DhcpServers>): Obstacle[] {
  return [...servers].flatMap(([name, found]) => dhcpObstaclesOn(name, found));
}

function dhcpObstaclesOn(interfaceName: string, servers: DhcpServers): Obstacle[] {
  if (servers.type === 'unknown') {
    return [
      possibleObstacle(
        `whether another DHCP server answers on ${interfaceName} is not known: ${servers.reason}`,
        'Two servers that give addresses break a network. See to it that there is no other, or answer DHCP with "proxy".',
      ),
    ];
  }
  if (servers.offering.length === 0) return [];
  return [
    possibleObstacle(
      `another DHCP server answers on ${interfaceName} already: ${servers.offering.join(', ')}`,
      'Answer DHCP with "proxy", or switch the other server off first.',
    ),
  ];
}
