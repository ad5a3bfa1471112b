/** ip(8) of iproute2: the network interfaces of this network namespace. */

import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import { parseToolJson } from './tool-output.ts';

export type IpInterface = {
  readonly name: string;
  /** ether, loopback, none (tunnels), infiniband, … */
  readonly linkType: string;
  /** What kind of virtual interface it is (veth, bridge, bond, vlan, …); null for hardware. */
  readonly kind: string | null;
  /** The link-layer address as it is now; null where the kind of link has none. */
  readonly linkAddress: string | null;
  /** "192.0.2.2/24", "fd00::2/64". */
  readonly addresses: readonly string[];
  /** Set up, and the driver sees a carrier. */
  readonly linkUp: boolean;
};

/** Throws `tool-missing`, `tool-failed`. */
export async function listInterfaces(run: Run): Promise<IpInterface[]> {
  const { stdout } = await run('ip', ['-details', '-json', 'address', 'show']);
  return parseIpAddress(stdout);
}

/** Reads `ip -details -json address show`. Throws `tool-failed`. */
export function parseIpAddress(text: string): IpInterface[] {
  return parseToolJson('ip', text, Output).map((link) => ({
    name: link.ifname,
    linkType: link.link_type,
    kind: link.linkinfo?.info_kind ?? null,
    linkAddress: link.address ?? null,
    addresses: link.addr_info.flatMap(({ local, prefixlen }) =>
      local === undefined || prefixlen === undefined ? [] : [`${local}/${prefixlen}`],
    ),
    linkUp: link.flags.includes('UP') && link.flags.includes('LOWER_UP'),
  }));
}

const Output = z.array(
  z.object({
    ifname: z.string(),
    link_type: z.string(),
    address: z.string().optional(),
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
    flags: z.array(z.string()),
    addr_info: z.array(
      z.object({ local: z.string().optional(), prefixlen: z.number().int().optional() }),
    ),
  }),
);
