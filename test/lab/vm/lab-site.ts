/** The site of a room with virtual machines, as the installer would write it. */

import { join } from 'node:path';
import { Site, type RootTransport } from '../../../lib/model/site.ts';
import type { Wire } from './networks.ts';

/**
 * NETBOOT lies apart, on the file system of the cache. `watchdogSeconds` is the round of the hosts' watchdog: the kernel
 * hands words that it does not know on to its first process, as its environment.
 */
export function labSite(
  {
    wires,
    rootTransport,
    watchdogSeconds,
  }: {
    readonly wires: readonly Wire[];
    readonly rootTransport: RootTransport;
    readonly watchdogSeconds: number | null;
  },
  directories: { readonly room: string; readonly netboot: string },
): Site {
  return Site.parse({
    formatVersion: 1,
    subnets: wires.map(({ subnet }) => subnet),
    onlyNetboot: true,
    tftpDirectory: join(directories.room, 'tftp'),
    netbootDirectory: directories.netboot,
    imageDirectory: join(directories.room, 'images'),
    rootTransport,
    httpPort: 80,
    enginePort: 7077,
    biosLocalBoot: 'first-disk',
    uefiLocalBoot: 'search',
    kernelOptions: [
      'console=ttyS0,115200',
      ...(watchdogSeconds === null ? [] : [`OPENCLONE_WATCHDOG_SECONDS=${watchdogSeconds}`]),
    ].join(' '),
  });
}
