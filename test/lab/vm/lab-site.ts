/** The site of a room with virtual machines. */

import { join } from 'node:path';
import { Site, type DhcpMode, type RootTransport, type Subnet } from '../../../lib/model/site.ts';

export const SERVER_ADDRESS = '10.92.0.1';
export const ROUTER_ADDRESS = '10.92.0.254';
/** Whoever gives addresses gives these. */
export const FIRST_ADDRESS = '10.92.0.100';
export const LAST_ADDRESS = '10.92.0.199';

/** The site as the installer would write it for one subnet; NETBOOT lies apart, on the file system of the cache. */
export function labSite(
  {
    dhcp,
    rootTransport,
  }: { readonly dhcp: 'full' | 'proxy'; readonly rootTransport: RootTransport },
  directories: { readonly room: string; readonly netboot: string },
): Site {
  const full: DhcpMode = {
    ...{ type: 'full', firstAddress: FIRST_ADDRESS, lastAddress: LAST_ADDRESS },
    ...{ router: null, nameServers: [], leaseSeconds: 600 },
  };
  const subnet: Subnet = {
    ...{ name: 'main', interfaceName: 'eth0', serverAddress: SERVER_ADDRESS },
    ...{ networkAddress: '10.92.0.0', prefixLength: 24, relayed: false },
    dhcp: dhcp === 'full' ? full : { type: 'proxy' },
  };
  return Site.parse({
    ...{ formatVersion: 1, subnets: [subnet], onlyNetboot: true },
    tftpDirectory: join(directories.room, 'tftp'),
    netbootDirectory: directories.netboot,
    imageDirectory: join(directories.room, 'images'),
    ...{ rootTransport, httpPort: 80, enginePort: 7077 },
    ...{ biosLocalBoot: 'first-disk', uefiLocalBoot: 'search' },
    kernelOptions: 'console=ttyS0,115200',
  });
}
