/** What stands in the way of an installation: found, and said with its remedy, before anything is changed. */

import { readFile, readlink, stat } from 'node:fs/promises';
import type { Site } from '../../lib/model/site.ts';
import { ipv4ToNumber, isInNetwork } from '../../lib/ipv4.ts';
import { formatBytes } from '../../lib/format.ts';
import { keyOf } from '../changes/table.ts';
import { directoryObstacles, isOfOurs, nestingObstacles } from './directories.ts';
import type { DhcpServers } from '../facts/dhcp-servers.ts';
import { freeSpaceOf } from '../facts/free-space.ts';
import type { Interface } from '../facts/interfaces.ts';
import { loaderFiles } from '../loaders/files.ts';
import type { PortHolder } from '../facts/ports.ts';
import type { Plan } from '../plan.ts';
import { portObstacles, rpcbindObstacles } from './ports.ts';
import type { InstallRecord } from '../record.ts';
import { newerStoreObstacles } from '../store-rollback.ts';
import { realPath, type System } from '../system.ts';
import { COMMAND, PROGRAM_DIRECTORY } from '../names.ts';

export type Obstacle = {
  readonly what: string;
  readonly remedy: string;
  /** Whether --force goes on all the same. */
  readonly canBeForced: boolean;
};

export type Findings = {
  readonly hasSystemd: boolean;
  readonly interfaces: readonly Interface[];
  readonly portHolders: readonly PortHolder[];
  /** By the interface on which we would begin to give addresses. */
  readonly dhcpServers: ReadonlyMap<string, DhcpServers>;
  readonly canServeNfs: boolean;
  readonly record: InstallRecord | null;
};

/** A root file system with its predecessor, its base and kernels; the first images come on top. */
export const NETBOOT_BYTES = 4_000_000_000;
export const PROGRAM_BYTES = 300_000_000;
/** A minimal Debian 12 takes 21 MB of archives and 79 MB unpacked. */
export const PACKAGE_BYTES = 200_000_000;
export const PACKAGE_DIRECTORY = '/usr';

/** All obstacles at once, so that nobody has to meet them one by one. */
export async function findObstacles(
  system: System,
  plan: Plan,
  findings: Findings,
): Promise<Obstacle[]> {
  return [
    ...systemObstacles(findings),
    ...(await newerStoreObstacles(system, plan.sourceDirectory)),
    ...subnetObstacles(plan.site),
    ...addressObstacles(plan.site, findings.interfaces),
    ...rangeObstacles(plan.site),
    ...portObstacles(plan.site.subnets, plan.ports, findings.portHolders),
    ...(servesNfs(plan) ? rpcbindObstacles(findings.portHolders) : []),
    ...[...findings.dhcpServers].flatMap(([name, servers]) => dhcpObstacles(name, servers)),
    ...nfsObstacles(plan, findings.canServeNfs),
    ...nestingObstacles(plan.site),
    ...(await directoryObstacles(system, plan, findings.record)),
    ...(await fileObstacles(system, plan, findings.record)),
    ...(await loaderObstacles(system, plan, findings.record)),
    ...(await spaceObstacles(system, plan, findings.record)),
  ];
}

export function systemObstacles({ hasSystemd }: Pick<Findings, 'hasSystemd'>): Obstacle[] {
  if (hasSystemd) return [];
  return [
    obstacle(
      'systemd does not run here',
      'OpenClone runs as a systemd service: install it on a machine, or in a container that boots systemd.',
    ),
  ];
}

/** Names of subnets name directories and tags. */
function subnetObstacles({ subnets }: Site): Obstacle[] {
  const names = subnets.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) =>
    obstacle(`two subnets have the name ${name}`, 'Answer with another name in "otherSubnets".'),
  );
}

function addressObstacles(site: Site, interfaces: readonly Interface[]): Obstacle[] {
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

function dhcpObstacles(interfaceName: string, servers: DhcpServers): Obstacle[] {
  if (servers.type === 'unknown') {
    return [
      {
        what: `whether another DHCP server answers on ${interfaceName} is not known: ${servers.reason}`,
        remedy:
          'Two servers that give addresses break a network. See to it that there is no other, or answer DHCP with "proxy".',
        canBeForced: true,
      },
    ];
  }
  if (servers.offering.length === 0) return [];
  return [
    {
      what: `another DHCP server answers on ${interfaceName} already: ${servers.offering.join(', ')}`,
      remedy: 'Answer DHCP with "proxy", or switch the other server off first.',
      canBeForced: true,
    },
  ];
}

function servesNfs({ site, answers }: Plan): boolean {
  return site.rootTransport === 'nfs' && answers.nfsServer !== 'none';
}

function nfsObstacles(plan: Plan, canServeNfs: boolean): Obstacle[] {
  if (!servesNfs(plan) || canServeNfs) return [];
  return [
    obstacle(
      'this kernel has no NFS server (nfsd)',
      'Answer rootTransport with "ram" (hosts fetch the whole system by HTTP), or nfsServer with "none" when another NFS server of this machine exports the netboot directory.',
    ),
  ];
}

/** Files of others at our paths. */
async function fileObstacles(
  system: System,
  { files }: Plan,
  record: InstallRecord | null,
): Promise<Obstacle[]> {
  const known = new Set(record?.changes.map(keyOf) ?? []);
  const obstacles: Obstacle[] = [];
  for (const { path, text } of Object.values(files).flat()) {
    if (known.has(`file ${path}`)) continue;
    const found = await readFile(realPath(system, path), 'utf8').catch(() => null);
    if (found === null || found === text) continue;
    obstacles.push(
      obstacle(`${path} is there already, and not from this installer`, 'Move it away.'),
    );
  }
  const isOurs = known.has(`link ${COMMAND}`);
  const command = realPath(system, COMMAND);
  const exists =
    (await readlink(command).catch(() => null)) ?? (await stat(command).catch(() => null));
  if (exists !== null && !isOurs) {
    obstacles.push(
      obstacle(`${COMMAND} is there already, and not from this installer`, 'Move it away.'),
    );
  }
  return obstacles;
}

/** A TFTP directory that serves boot loaders of somebody else's already. */
async function loaderObstacles(
  system: System,
  { site }: Plan,
  record: InstallRecord | null,
): Promise<Obstacle[]> {
  const known = new Set(record?.changes.map(keyOf) ?? []);
  const tftp = site.tftpDirectory;
  const files = loaderFiles(site, { http: true, proxyDhcp: true }).flatMap(({ to }) =>
    to.startsWith('tftp/') && !to.startsWith('tftp/bios/') ? [to.slice('tftp/'.length)] : [],
  );
  const obstacles: Obstacle[] = [];
  for (const name of [...files, 'grub', 'bios', 'boot', 'loaders.json']) {
    const path = `${tftp}/${name}`;
    if (known.has(`file ${path}`) || isOfOurs(record, path)) continue;
    if ((await stat(realPath(system, path)).catch(() => null)) === null) continue;
    obstacles.push(
      obstacle(
        `${path} is there already, and not from this installer`,
        'Answer with a TFTP directory of our own, or move it away.',
      ),
    );
  }
  return obstacles;
}

async function spaceObstacles(
  system: System,
  { site, answers, isUpdate, missingPackages }: Plan,
  record: InstallRecord | null,
): Promise<Obstacle[]> {
  // A run that goes on after another one has filled some of it itself.
  if (isUpdate || isOfOurs(record, PROGRAM_DIRECTORY)) return [];
  return [
    ...(await spaceObstacle(system, PROGRAM_DIRECTORY, PROGRAM_BYTES)),
    ...(missingPackages.length > 0
      ? await spaceObstacle(system, PACKAGE_DIRECTORY, PACKAGE_BYTES)
      : []),
    ...(answers.rootfs === 'build'
      ? await spaceObstacle(system, site.netbootDirectory, NETBOOT_BYTES)
      : []),
  ];
}

/** None when `path`, which need not be there yet, has room for `bytes`. */
export async function spaceObstacle(
  system: System,
  path: string,
  bytes: number,
): Promise<Obstacle[]> {
  const free = await freeSpaceOf(system, path);
  if (free >= bytes) return [];
  return [
    {
      what: `there are only ${formatBytes(free)} free for ${path}; ${formatBytes(bytes)} are needed`,
      remedy: 'Make room, or answer with another directory.',
      canBeForced: true,
    },
  ];
}

function obstacle(what: string, remedy: string): Obstacle {
  return { what, remedy, canBeForced: false };
}
