/** What is known before the first question: what no answer helps against, and what the answers go around. */

import { formatBytes } from '../../lib/format.ts';
import { DEFAULT_ENGINE_PORT } from '../../lib/protocol/version.ts';
import type { GivenAnswers } from '../answers.ts';
import { readPackageList } from '../packages.ts';
import { portObstacles, type At } from '../preflight/ports.ts';
import { DEFAULT_NETBOOT_DIRECTORY } from './directories.ts';
import { dhcpHindrance } from './dhcp.ts';
import { nfsHindrance } from './root-transport.ts';
import type { MachineFacts } from '../facts/collect.ts';
import type { System } from '../machine/system.ts';
import { findMirrors, MIRROR_REMEDY } from '../tools/apt.ts';
import { PROGRAM_DIRECTORY } from '../machine/names.ts';
import type { Environment } from '../facts/environment.ts';
import { type Obstacle, obstacle, possibleObstacle } from '../preflight/obstacle.ts';
import { systemObstacles } from '../preflight/systemd.ts';
import {
  NETBOOT_BYTES,
  PACKAGE_BYTES,
  PACKAGE_DIRECTORY,
  PROGRAM_BYTES,
  spaceObstacle,
} from '../preflight/space.ts';

export type Beforehand = {
  /** Whatever is answered. */
  readonly obstacles: readonly Obstacle[];
  /** What proposals and questions heed. */
  readonly remarks: readonly string[];
};

/** A first installation, as root, on a distribution that we know, with no other installer at work. */
export async function lookBeforehand(
  system: System,
  { environment, hasSystemd, installedPackages }: MachineFacts,
  options: { readonly given: GivenAnswers; readonly sourceDirectory: string },
): Promise<Beforehand> {
  const { given, sourceDirectory } = options;
  const wanted = (await readPackageList(sourceDirectory)).filter(({ set }) => set === 'server');
  const isMissing = wanted.some(({ name }) => !installedPackages.has(name));
  return {
    obstacles: [
      ...systemObstacles({ hasSystemd }),
      ...interfaceObstacles(environment),
      ...portsWhateverIsAnswered(environment, given),
      ...(await spaceObstacle(system, PROGRAM_DIRECTORY, PROGRAM_BYTES)),
      ...(isMissing ? await spaceObstacle(system, PACKAGE_DIRECTORY, PACKAGE_BYTES) : []),
      ...(isMissing ? await mirrorObstacles(system) : []),
    ],
    remarks: [
      ...nfsRemarks(environment, given),
      ...dhcpRemarks(environment, given),
      ...(await spaceRemarks(environment, given)),
    ],
  };
}

function interfaceObstacles({ interfaces }: Environment): Obstacle[] {
  if (interfaces.length > 0) return [];
  return [
    obstacle(
      'no network interface has an IPv4 address',
      'Give the one that leads to the hosts a fixed address: see `ip -brief address`.',
    ),
  ];
}

/** Ports that are needed always, and free at none of our addresses. */
function portsWhateverIsAnswered(
  environment: Environment,
  { enginePort = DEFAULT_ENGINE_PORT }: GivenAnswers,
): Obstacle[] {
  const places = placesOf(environment);
  if (places.length === 0) return [];
  return [
    { protocol: 'udp', port: 69, purpose: 'boot loaders by TFTP' } as const,
    { protocol: 'tcp', port: enginePort, purpose: 'engines on the hosts' } as const,
  ].flatMap((port) => {
    const found = places.map((at) => portObstacles([at], [port], environment.portHolders));
    return found.every((obstacles) => obstacles.length > 0) ? (found[0] ?? []) : [];
  });
}

function placesOf({ interfaces }: Environment): At[] {
  return interfaces.flatMap(({ name, addresses }) =>
    addresses.map(({ address }) => ({ interfaceName: name, serverAddress: address })),
  );
}

async function mirrorObstacles({ run }: System): Promise<Obstacle[]> {
  const { isReachable, tried } = await findMirrors(run);
  if (isReachable) return [];
  return [
    possibleObstacle(
      `no Debian mirror of this machine can be reached; tried ${tried.join(', ')}`,
      MIRROR_REMEDY,
    ),
  ];
}

function nfsRemarks(
  environment: Environment,
  { nfsServer, rootTransport }: GivenAnswers,
): string[] {
  const hindrance = nfsHindrance(environment);
  if (hindrance === null || nfsServer === 'none' || rootTransport === 'ram') return [];
  return [
    `${hindrance}: hosts fetch their root file system by HTTP and keep it in memory, for which each needs 1 GB.`,
  ];
}

function dhcpRemarks(environment: Environment, { dhcp }: GivenAnswers): string[] {
  if (dhcp?.type === 'none') return [];
  const found = placesOf(environment).map((at) => dhcpHindrance(environment, at));
  const [first = null] = found;
  if (first === null || found.some((each) => each === null)) return [];
  return [`${first.message}: as long as it is, OpenClone can leave DHCP alone only.`];
}

async function spaceRemarks(
  { freeSpaceOf }: Environment,
  { rootfs, netbootDirectory = DEFAULT_NETBOOT_DIRECTORY }: GivenAnswers,
): Promise<string[]> {
  if (rootfs === 'later') return [];
  const free = await freeSpaceOf(netbootDirectory);
  if (free >= NETBOOT_BYTES) return [];
  return [
    `There are only ${formatBytes(free)} free for the root file systems at ${netbootDirectory}, and ${formatBytes(NETBOOT_BYTES)} are needed: name a directory on a larger file system when you are asked for it.`,
  ];
}
