/** The services of a room with virtual machines, and the configurations that are the lab's own (LAB-NOTES §1–4). */

import { appendFileSync } from 'node:fs';
import { startService, type Service } from '../../../lib/exec/service.ts';

/** Where a service runs and what it says goes. */
export type Place = { readonly namespace: string; readonly logFile: string };

/** Starts `tool` in the namespace; it dies with the lab. */
export function startIn(place: Place, tool: string, args: readonly string[]): Service {
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
 * Answers the router solicitations of QEMU's iPXE, which would wait 13 s for one. IPv6 leads nowhere otherwise.
 */
export function routerAdvertisements(): string {
  return dnsmasq(['enable-ra', 'dhcp-range=fd77::,ra-only', 'ra-param=eth0,4,600']);
}

/** The DHCP server that a site has already: addresses and a router, nothing about booting. */
export function foreignDhcp(options: {
  readonly firstAddress: string;
  readonly lastAddress: string;
  readonly router: string;
  readonly leaseFile: string;
}): string {
  return dnsmasq([
    'dhcp-authoritative',
    `dhcp-range=${options.firstAddress},${options.lastAddress},255.255.255.0,10m`,
    `dhcp-option=option:router,${options.router}`,
    `dhcp-leasefile=${options.leaseFile}`,
    ...['enable-ra', 'dhcp-range=fd77::,ra-only', 'ra-param=eth0,4,600'],
  ]);
}

function dnsmasq(lines: readonly string[]): string {
  const common = ['port=0', 'bind-dynamic', 'interface=eth0', 'pid-file=', 'log-facility=-'];
  return [...common, 'log-dhcp', ...lines, ''].join('\n');
}

/** nfs-ganesha in place of the kernel's server, which this machine lacks: `directory` read-only by NFS 4, as exports.ts. */
export function ganeshaConfig(options: {
  readonly directory: string;
  readonly address: string;
  readonly stateDirectory: string;
}): string {
  return `NFS_CORE_PARAM { Protocols = 4; NFS_Port = 2049; Enable_NLM = false; Enable_RQUOTA = false;
  Bind_addr = ${options.address}; mount_path_pseudo = true;
  Plugins_Dir = "/usr/lib/x86_64-linux-gnu/ganesha"; }
NFSV4 { Graceless = true; RecoveryRoot = "${options.stateDirectory}"; Minor_Versions = 0,1,2; }
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
    ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'ganesha'],
    ...[files.configuration, files.log],
  ];
}

function log({ logFile }: Place, text: string): void {
  try {
    appendFileSync(logFile, text);
  } catch (error) {
    // Last words can come when the room has been removed already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
