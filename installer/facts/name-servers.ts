/** The name servers of this machine that others could use as well (resolv.conf(5)). */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { realPath, type System } from '../machine/system.ts';

/** systemd-resolved keeps the real ones beside the file that names only itself. */
const FILES = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

/** At most three IPv4 addresses, none of them this machine's own loopback. */
export async function readNameServers(system: System): Promise<string[]> {
  for (const file of FILES) {
    const text = await readFile(realPath(system, file), 'utf8').catch(() => null);
    if (text !== null) return parseNameServers(text);
  }
  return [];
}

export function parseNameServers(text: string): string[] {
  return text
    .split('\n')
    .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1])
    .filter((address) => address !== undefined)
    .filter((address) => z.ipv4().safeParse(address).success && !address.startsWith('127.'))
    .slice(0, 3);
}
