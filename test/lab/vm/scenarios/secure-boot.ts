/** Secure Boot enforced: signed loaders and kernel by network, then the disk through GRUB's "own disk". */

import { makeUefiDisk } from '../disks.ts';
import { FULL_NFS, PROXY_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';
import type { VmRoom } from '../room.ts';

export const secureBoot: Scenario = {
  name: 'secure-boot',
  title: 'a host that enforces Secure Boot registers, and boots its own disk when it has no work',
  inCi: true,
  room: FULL_NFS,
  run: async (room) => bootSecurely(room),
};

export const secureBootBesideDhcp: Scenario = {
  name: 'secure-boot-proxy',
  title: 'beside a foreign DHCP server, a host that enforces Secure Boot does the same',
  inCi: true,
  room: PROXY_NFS,
  run: async (room) => bootSecurely(room),
};

/** Two lines of the kernel: on a busy machine, an emulated serial line loses a letter now and then. */
const ENFORCED = /Kernel is locked down from EFI Secure Boot|secureboot: Secure boot enabled/;

async function bootSecurely(room: VmRoom): Promise<void> {
  const disk = await makeUefiDisk(room.run, room.directory);
  const host = await room.addHost({ firmware: 'secure-boot', disk: disk.file });
  host.powerOn();
  await untilSaid(room, host, ENFORCED);
  await untilIdle(room, host);
  await host.powerOff();
  host.powerOn();
  await untilSaid(room, host, disk.marker, /Linux version/);
}
