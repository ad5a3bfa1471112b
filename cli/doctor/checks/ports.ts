/** Our ports are held, and by our programs. */

import { readFile } from 'node:fs/promises';
import type { Message, SimpleMessage } from '../../../lib/model/message.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Site } from '../../../lib/model/site.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, type Finding } from '../finding.ts';

export const ports: Check = {
  name: 'ports',
  title: message('check.ports'),
  rootBecause: message('root.see-holders'),
  needs: { address: true },
  perform: async ({ run, site, deadUnits }) => {
    const { stdout } = await run('ss', ['-H', '-l', '-t', '-u', '-n', '-p']);
    const sockets = await Promise.all(parseSockets(stdout).map(withCommand));
    return judgePorts(site, sockets, deadUnits);
  },
};

export type NeededPort = {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** What it is for. */
  readonly label: SimpleMessage;
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

const KERNEL = {
  programs: [],
  argument: null,
  unit: 'nfs-server.service',
} as const;

export function portsOf(site: Site): NeededPort[] {
  const modes = new Set(site.subnets.map(({ dhcp }) => dhcp.type));
  const answersDhcp = modes.has('full') || modes.has('proxy');
  const needed: NeededPort[] = [
    named('TFTP', 'udp', 69, DNSMASQ),
    named('HTTP', 'tcp', site.httpPort, SERVER),
    {
      protocol: 'tcp',
      port: site.enginePort,
      label: message('port.engines', { port: site.enginePort }),
      ...SERVER,
    },
  ];
  if (answersDhcp) needed.push(named('DHCP', 'udp', 67, DNSMASQ));
  if (modes.has('proxy')) {
    const label = message('port.proxy-dhcp', { port: 4011 });
    needed.push({ protocol: 'udp', port: 4011, label, ...DNSMASQ });
  }
  if (site.rootTransport === 'nfs') needed.push(named('NFS', 'tcp', 2049, KERNEL));
  return needed;
}

/** The port of a service that has the same name in every language. */
function named(
  service: string,
  protocol: NeededPort['protocol'],
  port: number,
  holder: Pick<NeededPort, 'programs' | 'argument' | 'unit'>,
): NeededPort {
  return { protocol, port, label: message('port.service', { service, protocol, port }), ...holder };
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
      const { protocol, port, label, programs, unit } = needed;
      const holders = sockets.filter(
        (each) => each.protocol === protocol && each.port === port && concerns(site, needed, each),
      );
      if (holders.length === 0) {
        return deadUnits.includes(unit)
          ? skipped(label, message('skipped.see-unit', { unit }))
          : failure(label, message('ports.nobody'), message('remedy.restart', { unit }));
      }
      const foreign = holders.find((holder) => !isOurs(needed, holder));
      const nfsByProgram = programs.length === 0 && foreign !== undefined;
      if (foreign === undefined || nfsByProgram) {
        return ok(label, heldBy(holders));
      }
      const { address, pid, program } = foreign;
      return pid === null
        ? failure(
            label,
            message('ports.kernel-holds', { address }),
            message('remedy.see-port', { port }),
          )
        : failure(
            label,
            message('ports.process-holds', { program, pid, address }),
            message('remedy.free-port', { pid, unit }),
          );
    });
}

/** The kernel is told of only where no program is. */
function heldBy(holders: readonly ListeningSocket[]): Message {
  const programs = new Set(holders.flatMap(({ program }) => (program === null ? [] : [program])));
  return programs.size === 0
    ? message('ports.held-by-kernel')
    : message('ports.held', { programs: [...programs].join(', ') });
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
