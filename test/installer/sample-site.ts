/** Sites for tests: one subnet of every kind. */

import { Site, type DhcpMode, type Subnet } from '../../lib/model/site.ts';

type FullSubnet = Subnet & { readonly dhcp: Extract<DhcpMode, { type: 'full' }> };

export const FULL: FullSubnet = {
  name: 'main',
  interfaceName: 'eth0',
  serverAddress: '10.77.0.1',
  networkAddress: '10.77.0.0',
  prefixLength: 24,
  relayed: false,
  dhcp: {
    type: 'full',
    firstAddress: '10.77.0.20',
    lastAddress: '10.77.0.90',
    router: '10.77.0.254',
    nameServers: ['10.77.0.2', '10.77.0.3'],
    leaseSeconds: 600,
  },
};

export const PROXY: Subnet = {
  name: 'lab',
  interfaceName: 'eth1',
  serverAddress: '192.168.8.1',
  networkAddress: '192.168.8.0',
  prefixLength: 22,
  relayed: false,
  dhcp: { type: 'proxy' },
};

export const NONE: Subnet = {
  ...PROXY,
  name: 'office',
  interfaceName: 'eth2',
  serverAddress: '172.16.0.1',
  networkAddress: '172.16.0.0',
  prefixLength: 16,
  dhcp: { type: 'none' },
};

/** Behind a router that relays DHCP to the address of the first subnet. */
export const RELAYED: Subnet = {
  ...FULL,
  name: 'far',
  networkAddress: '10.99.0.0',
  relayed: true,
  dhcp: {
    ...FULL.dhcp,
    firstAddress: '10.99.0.10',
    lastAddress: '10.99.0.250',
    router: '10.99.0.254',
  },
};

/** A site of these subnets as the installer would write it. */
export function sampleSite(subnets: readonly Subnet[]): Site {
  return Site.parse({
    formatVersion: 1,
    subnets: [...subnets],
    onlyNetboot: true,
    tftpDirectory: '/srv/openclone/tftp',
    netbootDirectory: '/srv/openclone/netboot',
    imageDirectory: '/srv/openclone/images',
    rootTransport: 'nfs',
    httpPort: 80,
    enginePort: 7077,
    biosLocalBoot: 'first-disk',
    uefiLocalBoot: 'next-entry',
    kernelOptions: 'quiet',
  });
}
