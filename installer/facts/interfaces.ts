/** The network interfaces that hosts could be reached by, and where the default route leads (ip-address(8)). */

import { z } from 'zod';
import { InterfaceName } from '../../lib/model/site.ts';
import type { Run } from '../../lib/exec/run.ts';

export type Ipv4Address = {
  readonly address: string;
  readonly prefixLength: number;
};

export type Interface = {
  readonly name: string;
  /** Whether there is a carrier. */
  readonly isUp: boolean;
  readonly addresses: readonly Ipv4Address[];
};

export type DefaultRoute = { readonly interfaceName: string; readonly gateway: string | null };

const LinkJson = z.object({
  ifname: z.string(),
  link_type: z.string(),
  flags: z.array(z.string()),
  addr_info: z.array(
    z.object({
      family: z.string().optional(),
      local: z.string().optional(),
      prefixlen: z.number().optional(),
    }),
  ),
});

const RouteJson = z.object({ dev: z.string(), gateway: z.string().optional() });

/** Every interface with an IPv4 address except the loopback, in the kernel's order. */
export async function listInterfaces(run: Run): Promise<Interface[]> {
  return parseInterfaces((await run('ip', ['-json', 'address', 'show'])).stdout);
}

/** What `ip -json address show` prints. */
export function parseInterfaces(text: string): Interface[] {
  return z
    .array(LinkJson)
    .parse(JSON.parse(text))
    .filter(
      ({ link_type: type, ifname }) => type === 'ether' && InterfaceName.safeParse(ifname).success,
    )
    .map(({ ifname, flags, addr_info: addresses }) => ({
      name: ifname,
      isUp: flags.includes('LOWER_UP'),
      addresses: addresses.flatMap(({ family, local, prefixlen }) =>
        family === 'inet' && local !== undefined && prefixlen !== undefined
          ? [{ address: local, prefixLength: prefixlen }]
          : [],
      ),
    }))
    .filter(({ addresses }) => addresses.length > 0);
}

/** The default route of IPv4 with the best metric, null without one. */
export async function readDefaultRoute(run: Run): Promise<DefaultRoute | null> {
  return parseDefaultRoute((await run('ip', ['-json', '-4', 'route', 'show', 'default'])).stdout);
}

/** What `ip -json -4 route show default` prints: the best route first. */
export function parseDefaultRoute(text: string): DefaultRoute | null {
  const [best] = z.array(RouteJson).parse(JSON.parse(text === '' ? '[]' : text));
  return best === undefined ? null : { interfaceName: best.dev, gateway: best.gateway ?? null };
}
