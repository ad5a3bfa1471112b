/** The services of a room with virtual machines, and the configurations that are the lab's own (docs/field-notes.md). */

import { appendFileSync } from 'node:fs';
import { startService, type Service } from '../../../lib/exec/service.ts';
import { rangeOf } from './networks.ts';
import { routerPrefix, type RoomNetwork } from './room-network.ts';

/** Where a service runs and what it says goes. */
export type ServicePlace = { readonly namespace: string; readonly logFile: string };

/** Starts `tool` in the namespace; it dies with the lab. */
export function startIn(place: ServicePlace, tool: string, args: readonly string[]): Service {
  const service = startService('ip', ['netns', 'exec', place.namespace, tool, ...args], {
    deathSignal: 'KILL',
    input: 'none',
    output: 'stream',
    onText: (text) => log(place, text),
  });
  service.output?.setEncoding('utf8').on('data', (text: string) => log(place, text));
  return service;
}

/**
 * dnsmasq of the room's router. It answers the router solicitations of QEMU's iPXE, which would wait 13 s for one
 * (IPv6 leads nowhere otherwise), relays DHCP or is the DHCP server that a site has already: addresses and a router,
 * nothing about booting.
 */
export function routerConfig(network: RoomNetwork, leaseFile: string): string {
  const { kind, wires } = network;
  const [main, ...others] = wires;
  const advertised = wires.flatMap(({ routerInterface }, index) => [
    `interface=${routerInterface}`,
    `dhcp-range=${routerPrefix(index)},ra-only`,
    `ra-param=${routerInterface},4,600`,
  ]);
  const { firstAddress, lastAddress } = rangeOf(0);
  const foreign = [
    'dhcp-authoritative',
    `dhcp-range=${firstAddress},${lastAddress},255.255.255.0,10m`,
    `dhcp-option=option:router,${main.routerAddress}`,
    `dhcp-leasefile=${leaseFile}`,
  ];
  const relays = others.map(
    ({ routerAddress, subnet }) => `dhcp-relay=${routerAddress},${subnet.serverAddress}`,
  );
  return [
    'port=0',
    'bind-dynamic',
    'pid-file=',
    'log-facility=-',
    'log-dhcp',
    'enable-ra',
    ...advertised,
    ...(kind === 'proxy' ? foreign : []),
    ...(kind === 'relayed' ? relays : []),
    '',
  ].join('\n');
}

/** nfs-ganesha in place of the kernel's server, which this machine lacks: `directory` read-only by NFS 4, as exports.ts. */
export function ganeshaConfig(options: {
  readonly directory: string;
  readonly stateDirectory: string;
}): string {
  return `NFS_CORE_PARAM { Protocols = 4; NFS_Port = 2049; Enable_NLM = false; Enable_RQUOTA = false;
  mount_path_pseudo = true;
  Plugins_Dir = "/usr/lib/x86_64-linux-gnu/ganesha"; }
NFSV4 { Grace_Period = 20; Lease_Lifetime = 15; RecoveryRoot = "${options.stateDirectory}"; Minor_Versions = 0,1,2; }
EXPORT { Export_Id = 1; Path = ${options.directory}; Pseudo = ${options.directory};
  Access_Type = RO; Squash = No_Root_Squash; SecType = sys; Protocols = 4; Transports = TCP;
  FSAL { Name = VFS; } }
LOG { Default_Log_Level = EVENT; }
`;
}

/** ganesha wants directories in /run: it gets a /run of its own. */
export function ganeshaCommand(files: {
  readonly configuration: string;
  readonly log: string;
}): string[] {
  const script =
    'mount -t tmpfs tmpfs /run && mkdir -p /run/ganesha /run/dbus && exec ganesha.nfsd -F -f "$1" -L "$2" -p /run/ganesha/pid -N NIV_EVENT';
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    script,
    'ganesha',
    files.configuration,
    files.log,
  ];
}

function log({ logFile }: ServicePlace, text: string): void {
  try {
    appendFileSync(logFile, text);
  } catch (error) {
    // Last words can come when the room has been removed already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
