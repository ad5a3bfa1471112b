/** Our ports are held, and by our programs. */

import { readFile } from 'node:fs/promises';
import type { Site } from '../../../lib/model/site.ts';
import type { Check } from '../check.ts';
import { failure, ok, type Finding } from '../finding.ts';

export const ports: Check = {
  name: 'ports',
  title: 'ports and who holds them',
  rootBecause: 'only root sees which program holds a port',
  examine: async ({ run, site }) => {
    const { stdout } = await run('ss', ['-H', '-l', '-t', '-u', '-n', '-p']);
    const sockets = await Promise.all(parseSockets(stdout).map(withCommand));
    return judgePorts(portsOf(site), sockets);
  },
};

export type NeededPort = {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly what: string;
  /** Names of the programs that may hold it; empty for the kernel. */
  readonly programs: readonly string[];
  readonly unit: string;
};

export type ListeningSocket = {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly pid: number | null;
  /** The program's name; null for the kernel's own. */
  readonly program: string | null;
};

const DNSMASQ = { programs: ['dnsmasq'], unit: 'openclone-dnsmasq.service' } as const;
const SERVER = { programs: ['openclone', 'node'], unit: 'openclone.service' } as const;

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
    const kernel = { programs: [], unit: 'nfs-server.service' };
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
        port: Number(port),
        program: holder?.[1] ?? null,
        pid: holder === null ? null : Number(holder[2]),
      },
    ];
  });
}

/** ss names a thread of Node "MainThread": the command line says more (proc(5)). */
async function withCommand(socket: ListeningSocket): Promise<ListeningSocket> {
  if (socket.pid === null) return socket;
  const text = await readFile(`/proc/${socket.pid}/cmdline`, 'utf8').catch(() => '');
  const program = text.split('\0')[0]?.split('/').at(-1) ?? '';
  return program === '' ? socket : { ...socket, program };
}

export function judgePorts(
  needed: readonly NeededPort[],
  sockets: readonly ListeningSocket[],
): Finding[] {
  return needed.map(({ protocol, port, what, programs, unit }) => {
    const about = `${what}, ${protocol} ${port}`;
    const holders = sockets.filter((each) => each.protocol === protocol && each.port === port);
    if (holders.length === 0) {
      const remedy = `systemctl restart ${unit}; see journalctl -u ${unit} -n 50`;
      return failure(about, 'nobody listens there', remedy);
    }
    const foreign = holders.find(({ program }) =>
      program === null ? programs.length > 0 : !programs.includes(program),
    );
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
