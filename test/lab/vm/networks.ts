/** The kinds of networks that rooms with virtual machines have: their wires, and what is said about them in the site. */

import type { DhcpMode, Subnet } from '../../../lib/model/site.ts';
import { unreachable } from '../../../lib/unreachable.ts';

/**
 * `full`: OpenClone gives the addresses · `proxy`: another server does · `relayed`: a second room lies behind a router
 * that relays DHCP · `two-cards`: the server has a network card in each of two rooms.
 */
export type NetworkKind = 'full' | 'proxy' | 'relayed' | 'two-cards';

/** A room's switch, and who is on it beside the hosts. */
export type Wire = {
  /** What the site says of it; its name is the switch's too. */
  readonly subnet: Subnet;
  readonly bridge: string;
  /** The router's address on it; its interface is called like the server's would be. */
  readonly routerAddress: string;
  readonly routerInterface: string;
  /** The server's own interface; null when it is behind the router. */
  readonly serverInterface: string | null;
};

/** "10.92.0.0" is the first wire's network. */
const FIRST_NETWORK = 92;
const PREFIX_LENGTH = 24;

/** The wires of a network, the main one first. */
export function wiresOf(kind: NetworkKind): [Wire, ...Wire[]] {
  switch (kind) {
    case 'full':
      return [wire(0, 'main', fullDhcp(0))];
    case 'proxy':
      return [wire(0, 'main', { type: 'proxy' })];
    case 'relayed':
      return [wire(0, 'main', fullDhcp(0)), behindRouter(wire(1, 'room-2', fullDhcp(1)))];
    case 'two-cards':
      return [wire(0, 'main', fullDhcp(0)), wire(1, 'room-2', fullDhcp(1))];
    default:
      return unreachable(kind);
  }
}

/** The first and last address that are given on the wire, by whomever. */
export function rangeOf(index: number): { firstAddress: string; lastAddress: string } {
  return { firstAddress: addressOn(index, 100), lastAddress: addressOn(index, 199) };
}

function wire(index: number, name: string, dhcp: DhcpMode): Wire {
  const serverInterface = `eth${index}`;
  return {
    subnet: {
      name,
      interfaceName: serverInterface,
      serverAddress: addressOn(index, 1),
      networkAddress: addressOn(index, 0),
      prefixLength: PREFIX_LENGTH,
      relayed: false,
      dhcp,
    },
    bridge: `br-${name}`,
    routerAddress: addressOn(index, 254),
    routerInterface: serverInterface,
    serverInterface,
  };
}

/** Its hosts reach the server by the main wire. */
function behindRouter(direct: Wire): Wire {
  const subnet = {
    ...direct.subnet,
    interfaceName: 'eth0',
    serverAddress: addressOn(0, 1),
    relayed: true,
  };
  return { ...direct, subnet, serverInterface: null };
}

/** No router: the relay's own address is that of the router where there is one. */
function fullDhcp(index: number): DhcpMode {
  return { type: 'full', ...rangeOf(index), router: null, nameServers: [], leaseSeconds: 600 };
}

function addressOn(index: number, machine: number): string {
  return `10.${FIRST_NETWORK + index}.0.${machine}`;
}
