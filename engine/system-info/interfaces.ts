/** The network interfaces a host can be known by. */

import { join } from 'node:path';
import type { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import { NetworkInterface } from '../../lib/model/system-info.ts';
import { listInterfaces } from '../tools/ip.ts';
import { keepValid } from './optional-facts.ts';
import { readSysfs } from './sysfs.ts';

/**
 * The Ethernet-like interfaces of this network namespace. Loopback and tunnels are left out, and those whose MAC address
 * the kernel or a program made up (bridges of container tools have the same one on many hosts). Throws `tool-missing`, `tool-failed`.
 */
export async function readInterfaces(run: Run): Promise<z.infer<typeof NetworkInterface>[]> {
  const links = (await listInterfaces(run)).filter(
    ({ linkType, kind }) => linkType === 'ether' && !(kind !== null && MADE_UP.has(kind)),
  );
  return keepValid(
    NetworkInterface,
    await Promise.all(
      links.map(async (link) => ({
        name: link.name,
        mac: link.linkAddress ?? '',
        addresses: [...link.addresses],
        linkUp: link.linkUp,
        mbitPerSecond: await readSpeed(link.name),
      })),
    ),
  );
}

const MADE_UP = new Set([
  'bridge',
  'dummy',
  'ifb',
  'tun',
  'vxlan',
  'geneve',
  'gretap',
  'nlmon',
  'vrf',
]);

/** Reading the speed of an interface that is down fails, virtual ones may say -1 (sysfs-class-net). */
async function readSpeed(name: string): Promise<number | null> {
  const speed = Number((await readSysfs(join('/sys/class/net', name, 'speed'))) ?? -1);
  return speed > 0 ? speed : null;
}
