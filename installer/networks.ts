/** The networks of a site. */

import type { Site } from '../lib/model/site.ts';

/** "10.77.0.0/24" of each subnet, each once. */
export function networksOf(site: Site): string[] {
  return [
    ...new Set(
      site.subnets.map(({ networkAddress, prefixLength }) => `${networkAddress}/${prefixLength}`),
    ),
  ];
}

/** The interfaces on which we answer DHCP, each once. */
export function dhcpInterfacesOf(site: Site): string[] {
  const answering = site.subnets.filter(({ dhcp }) => dhcp.type !== 'none');
  return [...new Set(answering.map(({ interfaceName }) => interfaceName))];
}
