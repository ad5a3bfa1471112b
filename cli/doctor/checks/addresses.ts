/** The site's addresses are on the site's interfaces. */

import { z } from 'zod';
import { isInNetwork } from '../../../lib/network/ipv4.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import type { Check } from '../check.ts';
import { failure, ok, warning, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

export const addresses: Check = {
  name: 'addresses',
  title: 'addresses of the interfaces',
  rootBecause: null,
  examine: async ({ run, site }) => {
    const { stdout } = await run('ip', ['-json', 'address', 'show']);
    const interfaces = parseAddresses(stdout);
    return site.subnets.map((subnet) => judgeAddress(subnet, interfaces));
  },
};

export type InterfaceAddresses = {
  readonly name: string;
  readonly addresses: readonly {
    readonly address: string;
    readonly prefixLength: number;
    readonly broadcast: string | null;
  }[];
};

const Output = z.array(
  z.object({
    ifname: z.string(),
    addr_info: z
      .array(
        z.object({
          family: z.string().optional(),
          local: z.string().optional(),
          prefixlen: z.number().optional(),
          broadcast: z.string().optional(),
        }),
      )
      .default([]),
  }),
);

/** Reads what `ip -json address show` prints; IPv4 only. */
export function parseAddresses(text: string): InterfaceAddresses[] {
  return Output.parse(JSON.parse(text)).map(({ ifname, addr_info: found }) => ({
    name: ifname,
    addresses: found.flatMap(({ family, local, prefixlen, broadcast }) =>
      family === 'inet' && local !== undefined && prefixlen !== undefined
        ? [{ address: local, prefixLength: prefixlen, broadcast: broadcast ?? null }]
        : [],
    ),
  }));
}

export function judgeAddress(subnet: Subnet, interfaces: readonly InterfaceAddresses[]): Finding {
  const about = subnetLabel(subnet);
  const { interfaceName, networkAddress, prefixLength, serverAddress } = subnet;
  const own = interfaces.find(({ name }) => name === interfaceName);
  const wanted = `${serverAddress}/${prefixLength}`;
  const add = `Give it the address: ip address add ${wanted} broadcast + dev ${interfaceName}, and in the configuration of this machine's network.`;
  const other = 'Or run `sudo ./install.sh` again and name another one.';
  if (own === undefined) {
    const names = interfaces.map(({ name }) => name).join(', ');
    return failure(about, `there is no interface ${interfaceName}, only ${names}`, other);
  }
  const address = own.addresses.find((each) => each.address === serverAddress);
  if (address === undefined) {
    const has = own.addresses.map((each) => each.address).join(', ');
    const found = `${interfaceName} has ${has === '' ? 'no IPv4 address' : has}, not ${serverAddress}`;
    return failure(about, found, `${add}\n${other}`);
  }
  if (address.broadcast === null) {
    const found = `${serverAddress} has no broadcast address: multicast sessions never start`;
    const remedy = `ip address replace ${serverAddress}/${address.prefixLength} broadcast + dev ${interfaceName}`;
    return failure(about, found, remedy);
  }
  if (!subnet.relayed && !isInNetwork(serverAddress, networkAddress, prefixLength)) {
    const found = `${serverAddress} lies outside ${networkAddress}/${prefixLength}`;
    return failure(about, found, other);
  }
  if (!subnet.relayed && address.prefixLength !== prefixLength) {
    const found = `${interfaceName} has the prefix length ${address.prefixLength}, the site says ${prefixLength}`;
    return warning(about, found, 'Make them the same: hosts and server must agree who is near.');
  }
  return ok(about, `${serverAddress}/${address.prefixLength}, broadcast ${address.broadcast}`);
}
