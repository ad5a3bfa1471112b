/** The site's addresses are on the site's interfaces. */

import { z } from 'zod';
import { isInNetwork } from '../../../lib/network/ipv4.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { failure, ok, warning, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

export const addresses: Check = {
  name: 'addresses',
  title: message('check.addresses'),
  rootBecause: null,
  perform: async ({ run, site }) => {
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
  const nameOther = message('remedy.name-other-interface');
  if (own === undefined) {
    const others = interfaces.map(({ name }) => name).join(', ');
    return failure(about, message('addresses.no-interface', { interfaceName, others }), nameOther);
  }
  const address = own.addresses.find((each) => each.address === serverAddress);
  if (address === undefined) {
    const others = own.addresses.map((each) => each.address).join(', ');
    const found =
      others === ''
        ? message('addresses.none', { interfaceName, wanted: serverAddress })
        : message('addresses.others', { interfaceName, others, wanted: serverAddress });
    const add = message('remedy.add-address', {
      address: `${serverAddress}/${prefixLength}`,
      interfaceName,
    });
    return failure(about, found, add);
  }
  if (address.broadcast === null) {
    const found = message('addresses.no-broadcast', { address: serverAddress });
    const remedy = `ip address replace ${serverAddress}/${address.prefixLength} broadcast + dev ${interfaceName}`;
    return failure(about, found, remedy);
  }
  if (!subnet.relayed && !isInNetwork(serverAddress, networkAddress, prefixLength)) {
    const network = `${networkAddress}/${prefixLength}`;
    const found = message('addresses.outside', { address: serverAddress, network });
    return failure(about, found, nameOther);
  }
  if (!subnet.relayed && address.prefixLength !== prefixLength) {
    const found = message('addresses.other-prefix', {
      interfaceName,
      length: address.prefixLength,
      wantedLength: prefixLength,
    });
    return warning(about, found, message('remedy.same-prefix'));
  }
  const good = {
    address: `${serverAddress}/${address.prefixLength}`,
    broadcast: address.broadcast,
  };
  return ok(about, message('addresses.good', good));
}
