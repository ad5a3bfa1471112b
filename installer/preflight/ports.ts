/** Finds ports of ours that another program holds: each is reported with its holder and what to do. */

import { isTakenAt, isTakenBy, type PortHolder } from '../facts/ports.ts';
import { type Obstacle, obstacle } from './obstacle.ts';
import { DAEMON_UNIT, DNSMASQ_UNIT } from '../machine/names.ts';
import type { PlannedPort } from '../ports.ts';

/** Where hosts reach us. */
export type At = { readonly interfaceName: string; readonly serverAddress: string };

/** Our daemon listens there for programs of this server. */
const LOOPBACK = '127.0.0.1';
const OUR_UNITS = [DAEMON_UNIT, DNSMASQ_UNIT];
const RPCBIND = { port: 111, purpose: "rpcbind, for the kernel's NFS server" };

/** Our own services may hold our ports; everybody else is named, once for all addresses. */
export function portObstacles(
  subnets: readonly At[],
  ports: readonly PlannedPort[],
  holders: readonly PortHolder[],
): Obstacle[] {
  return ports.flatMap((port) => {
    const inTheWay = holders.filter((holder) => isInTheWay(subnets, port, holder));
    const byProcess = Map.groupBy(inTheWay, ({ process }) => process?.pid ?? null);
    return [...byProcess.values()].map((group) => describeHolder(port, group));
  });
}

/**
 * The kernel's NFS server tells rpcbind of itself and does not start where that cannot be (rpc.nfsd(8)); a program in
 * rpcbind's place is none.
 */
export function rpcbindObstacles(holders: readonly PortHolder[]): Obstacle[] {
  const inTheWay = holders.filter(
    ({ port, process }) =>
      port === RPCBIND.port &&
      process !== null &&
      !/^(rpcbind|systemd|init)$/.test(process.name) &&
      !/^rpcbind\./.test(process.unit ?? ''),
  );
  const byProcess = Map.groupBy(inTheWay, ({ process }) => process?.pid ?? null);
  return [...byProcess.values()].map((group) =>
    describeHolder({ ...RPCBIND, protocol: group[0]?.protocol ?? 'tcp' }, group),
  );
}

function isInTheWay(
  subnets: readonly At[],
  { protocol, port }: PlannedPort,
  holder: PortHolder,
): boolean {
  if (holder.protocol !== protocol || holder.port !== port) return false;
  // The kernel's NFS server takes our export beside those of others.
  if (port === 2049 && holder.process === null) return false;
  if (holder.process?.unit !== null && OUR_UNITS.includes(holder.process?.unit ?? '')) return false;
  if (protocol === 'tcp') {
    const addresses = subnets.map(({ serverAddress }) => serverAddress);
    return port === 2049
      ? isTakenBy(holder, port)
      : isTakenAt(holder, port, [...addresses, LOOPBACK]);
  }
  const [address = '', interfaceName] = holder.address.split('%');
  const ours = subnets.filter(
    (subnet) => interfaceName === undefined || subnet.interfaceName === interfaceName,
  );
  return ours.some(({ serverAddress }) => ['*', '::', serverAddress].includes(address));
}

function describeHolder(
  { protocol, port, purpose }: PlannedPort,
  holders: readonly PortHolder[],
): Obstacle {
  const process = holders[0]?.process ?? null;
  const address = [...new Set(holders.map((holder) => holder.address))].join(' and ');
  const where = `${protocol.toUpperCase()} port ${port} (${purpose})`;
  if (process === null) {
    return obstacle(
      `${where} is taken by the kernel or a container, at ${address}`,
      `Find it with: ss -lnp ${protocol === 'udp' ? '-u' : '-t'} 'sport = :${port}'`,
    );
  }
  const { name, pid, unit } = process;
  return obstacle(
    `${where} is taken by ${name} (process ${pid}${unit === null ? '' : `, ${unit}`}), at ${address}`,
    portRemedy(port, unit),
  );
}

function portRemedy(port: number, unit: string | null): string {
  const stop = unit === null ? 'Stop that program' : `Stop it (systemctl disable --now ${unit})`;
  switch (port) {
    case 67:
    case 4011:
      return `${stop} if OpenClone is to do DHCP in its place; otherwise answer DHCP with "none" and let it name this server.`;
    case 69:
      return `${stop}: a server has one TFTP service. Its files can be copied to OpenClone's TFTP directory.`;
    case 111:
      return `${stop}, or answer rootTransport with "ram": then no NFS is needed.`;
    case 2049:
      return `${stop}, or answer nfsServer with "none" and let it export the netboot directory read-only.`;
    default:
      return `${stop}, or answer with another port.`;
  }
}
