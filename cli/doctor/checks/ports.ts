/** Our ports are held, and by our programs. */

import { readFile } from 'node:fs/promises';
import type { Site } from '../../../lib/model/site.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, type Finding } from '../finding.ts';

export const ports: Check = {
  name: 'ports',
  title: 'ports and who holds them',
  rootBecause: 'only root sees which program holds a port',
  needs: { address: true },
  examine: async ({ run, site, deadUnits }) => {
    const { stdout } = await run('ss', ['-H', '-l', '-t', '-u', '-n', '-p']);
    const sockets = await Promise.all(parseSockets(stdout).map(withCommand));
    return judgePorts(site, sockets, deadUnits);
  },
};

export type NeededPort = {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly what: string;
  /** Names of the programs that may hold it; empty for the kernel. */
  readonly programs: readonly string[];
  /** One of the arguments that make such a program ours; null when the name is enough. */
  readonly argument: RegExp | null;
  readonly unit: string;
};

export type ListeningSocket = {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  /** The interface that the socket is bound to; null for all. */
  readonly interfaceName: string | null;
  readonly port: number;
  readonly pid: number | null;
  /** The program's name; null for the kernel's own. */
  readonly program: string | null;
  /** What it was started with; empty when it is not known. */
  readonly args: readonly string[];
};

/** As ss writes it. */
const ANY_ADDRESS = ['0.0.0.0', '*', '[::]'];

const DNSMASQ = {
  programs: ['dnsmasq'],
  // Other programs run a dnsmasq of their own: libvirt, LXD, NetworkManager.
  argument: /^--conf-file=.*openclone/,
  unit: 'openclone-dnsmasq.service',
} as const;
const SERVER = {
  programs: ['openclone', 'node'],
  argument: /(^|\/)server\/main\.ts$/,
  unit: 'openclone.service',
} as const;

export function portsOf(site: Site): NeededPort[] {
  const modes = new Set(site.subnets.map(({ dhcp }) => dhcp.type));
  const answersDhcp = modes.has('full') || modes.has('proxy');
  const needed: NeededPort[] = [
    { protocol: 'udp', port: 69, what: 'TFTP', ...DNSMASQ },
    { protocol: 'tcp', port: site.httpPort, what: 'HTTP', ...SERVER },
    { protocol: 'tcp', port: site.enginePort, what: 'engines', ...SERVER },
  ];
  if (answersDhcp) needed.push({ protocol: 'udp', port: 67, what: 'DHCP', ...DNSMASQ });
  if (modes.has('proxy')) {
    needed.push({ protocol: 'udp', port: 4011, what: 'proxy DHCP', ...DNSMASQ });
  }
  if (site.rootTransport === 'nfs') {
    const kernel = { programs: [], argument: null, unit: 'nfs-server.service' };
    needed.push({ protocol: 'tcp', port: 2049, what: 'NFS', ...kernel });
  }
  return needed;
}

/** Reads what `ss -H -l -t -u -n -p` prints; of a socket that several processes hold, the first. */
export function parseSockets(text: string): ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(tcp|udp)\s+\S+\s+\d+\s+\d+\s+(\S+):(\d+)\s+\S+\s*(.*)$/.exec(line);
    if (match === null) return [];
    const [, protocol, address = '', port, users = ''] = match;
    const holder = /"([^"]+)",pid=(\d+)/.exec(users);
    return [
      {
        protocol: protocol === 'udp' ? 'udp' : 'tcp',
        address: address.replace(/%.*$/, ''),
        interfaceName: /%(.+)$/.exec(address)?.[1] ?? null,
        port: Number(port),
        program: holder?.[1] ?? null,
        pid: holder === null ? null : Number(holder[2]),
        args: [],
      },
    ];
  });
}

/** ss names a thread of Node "MainThread": the command line says more (proc(5)). */
async function withCommand(socket: ListeningSocket): Promise<ListeningSocket> {
  if (socket.pid === null) return socket;
  const text = await readFile(`/proc/${socket.pid}/cmdline`, 'utf8').catch(() => '');
  const [tool = '', ...args] = text.split('\0');
  const program = tool.split('/').at(-1) ?? '';
  return program === '' ? socket : { ...socket, program, args };
}

export function judgePorts(
  site: Site,
  sockets: readonly ListeningSocket[],
  deadUnits: readonly string[] = [],
): Finding[] {
  const isOthers = ({ programs }: NeededPort): boolean =>
    programs.length === 0 && site.nfsServer === 'none';
  return portsOf(site)
    .filter((needed) => !isOthers(needed))
    .map((needed) => {
      const { protocol, port, what, programs, unit } = needed;
      const about = `${what}, ${protocol} ${port}`;
      const holders = sockets.filter(
        (each) => each.protocol === protocol && each.port === port && concerns(site, needed, each),
      );
      if (holders.length === 0) {
        if (deadUnits.includes(unit)) return skipped(about, `see services: ${unit}`);
        const remedy = `systemctl restart ${unit}; see journalctl -u ${unit} -n 50`;
        return failure(about, 'nobody listens there', remedy);
      }
      const foreign = holders.find((holder) => !isOurs(needed, holder));
      const nfsByProgram = programs.length === 0 && foreign !== undefined;
      if (foreign === undefined || nfsByProgram) {
        const names = [...new Set(holders.map(({ program }) => program ?? 'the kernel'))];
        return ok(about, `held by ${names.join(', ')}`);
      }
      const name =
        foreign.pid === null
          ? 'the kernel or a process of another container'
          : `${foreign.program ?? 'a process'} (process ${foreign.pid})`;
      const remedy =
        foreign.pid === null
          ? `See what it is: ss -lnp sport = :${port}`
          : `See what it is for: systemctl status ${foreign.pid}; stop it, or let it leave this port, then: systemctl restart ${unit}`;
      return failure(about, `${name} holds it on ${foreign.address}`, remedy);
    });
}

/**
 * One at another interface or address leaves the port of ours alone: libvirt gives addresses to its own bridge. With NFS
 * any IPv4 address is in the way of the kernel, which listens at all of them.
 */
function concerns(
  { subnets }: Site,
  { programs }: NeededPort,
  { address, interfaceName }: ListeningSocket,
): boolean {
  const ours = subnets.filter(
    (subnet) => interfaceName === null || subnet.interfaceName === interfaceName,
  );
  if (ours.length === 0) return false;
  if (ANY_ADDRESS.includes(address)) return true;
  if (programs.length === 0) return !address.startsWith('[');
  return ours.some(({ serverAddress }) => serverAddress === address);
}

function isOurs({ programs, argument }: NeededPort, { program, args }: ListeningSocket): boolean {
  if (program === null) return programs.length === 0;
  return (
    programs.includes(program) && (argument === null || args.some((each) => argument.test(each)))
  );
}
