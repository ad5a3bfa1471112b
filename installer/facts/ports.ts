/** The programs that listen on ports of this machine (ss(8)). */

import { readFile } from 'node:fs/promises';
import type { Run } from '../../lib/exec/run.ts';
import type { Protocol } from '../ports.ts';

export type PortHolder = {
  readonly protocol: Protocol;
  /** "*" for every address; an interface's name follows % when the socket is bound to it. */
  readonly address: string;
  readonly port: number;
  /** null for the kernel's own sockets (NFS), and for processes of other containers. */
  readonly process: {
    readonly name: string;
    readonly pid: number;
    /** The systemd unit that it belongs to, "openclone.service". */
    readonly unit: string | null;
  } | null;
};

/** Everything that listens, TCP and UDP. */
export async function listPortHolders(run: Run): Promise<PortHolder[]> {
  const { stdout } = await run('ss', ['-H', '-l', '-t', '-u', '-n', '-p']);
  return Promise.all(
    parseSockets(stdout).map(async ({ pid, ...socket }) => ({
      ...socket,
      process: pid === null ? null : await processOf(pid),
    })),
  );
}

/** Whether `holder` keeps our daemon from listening on TCP `port` of these addresses (bind(2), EADDRINUSE). */
export function isTakenAt(holder: PortHolder, port: number, addresses: readonly string[]): boolean {
  const [address = ''] = holder.address.split('%');
  return holder.protocol === 'tcp' && holder.port === port && ['*', ...addresses].includes(address);
}

/**
 * Whether `holder` keeps a server from listening on TCP `port` of 0.0.0.0, as the kernel's NFS does: one
 * IPv4 address of the machine is enough (bind(2), EADDRINUSE), one of IPv6 is not.
 */
export function isTakenBy(holder: PortHolder, port: number): boolean {
  return holder.protocol === 'tcp' && holder.port === port && !holder.address.includes(':');
}

type Socket = Omit<PortHolder, 'process'> & { readonly pid: number | null };

/** What `ss -H -l -t -u -n -p` prints; the first process of a socket that several hold. */
export function parseSockets(text: string): Socket[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(tcp|udp)\s+\S+\s+\d+\s+\d+\s+(\S+):(\d+)\s+\S+\s*(.*)$/.exec(line);
    if (match === null) return [];
    const [, protocol, address = '', port, users = ''] = match;
    const pid = /pid=(\d+)/.exec(users)?.[1];
    return [
      {
        protocol: protocol === 'udp' ? 'udp' : 'tcp',
        address: address.replace(/^(0\.0\.0\.0|\[::\])(?=%|$)/, '*').replace(/[[\]]/g, ''),
        port: Number(port),
        pid: pid === undefined ? null : Number(pid),
      },
    ];
  });
}

/** A process by proc(5). Node names its main thread "MainThread": the command line says more than ss. */
async function processOf(pid: number): Promise<NonNullable<PortHolder['process']>> {
  const words = (await readProc(pid, 'cmdline')).split('\0').filter((word) => word !== '');
  const command = words[0]?.split('/').at(-1) ?? (await readProc(pid, 'comm')).trim();
  return { name: command, pid, unit: unitOfCgroup(await readProc(pid, 'cgroup')) };
}

async function readProc(pid: number, name: string): Promise<string> {
  // A process that has ended meanwhile is no holder that anybody could name.
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}

/** "openclone.service" from the lines of /proc/PID/cgroup (cgroups(7)). */
export function unitOfCgroup(text: string): string | null {
  return /\/([^/\n]+\.service)(?:\/|$)/m.exec(text)?.[1] ?? null;
}
