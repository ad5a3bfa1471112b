/** A firewall between hosts and server takes one of the protocols: what still works, and what the host says. */

import { makeGoldenDisk } from '../disks.ts';
import type { VmRoom } from '../room.ts';
import { FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';
import { IN_RAM, said } from './server-away.ts';

const HTTP = 80;
const NFS = 2049;
const TFTP = 69;

export const tftpBlocked: Scenario = {
  name: 'tftp-blocked',
  title: 'a host with a BIOS that gets nothing by TFTP starts from its own disk',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const disk = await makeGoldenDisk(room.run, room.directory);
    const host = await room.addHost({ disk: disk.file });
    await whileBlocked(room, ['udp', TFTP], async () => {
      host.powerOn();
      await untilSaid(room, host, disk.marker, /Linux version [^\n]*openclone:/);
    });
  },
};

export const uefiHttp: Scenario = {
  name: 'uefi-http',
  title: 'a UEFI host that gets nothing by TFTP reaches the engine by UEFI HTTP boot',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const host = await room.addHost({ firmware: 'uefi' });
    await whileBlocked(room, ['udp', TFTP], async () => {
      host.powerOn();
      await untilIdle(room, host);
    });
  },
};

export const httpBlocked: Scenario = {
  name: 'http-blocked',
  title: 'a host with a BIOS that gets nothing by HTTP loads by TFTP, and reaches the engine',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const host = await room.addHost();
    await whileBlocked(room, ['tcp', HTTP], async () => {
      host.powerOn();
      await untilIdle(room, host);
    });
  },
};

export const nfsBlocked: Scenario = {
  name: 'nfs-blocked',
  title: 'a host that cannot have its root by NFS says what to check, and tries again by itself',
  inCi: false,
  room: FULL_NFS,
  run: (room) => saysWhatToCheck(room, ['tcp', NFS], 768),
};

export const squashfsBlocked: Scenario = {
  name: 'http-blocked-ram',
  title: 'a host that cannot fetch its root into memory says what to check, and tries again',
  inCi: false,
  room: IN_RAM,
  run: (room) => saysWhatToCheck(room, ['tcp', HTTP], 1536),
};

/** The initramfs gives up, and once the port is open a later start succeeds without anybody. */
async function saysWhatToCheck(
  room: VmRoom,
  blocked: readonly ['tcp', number],
  memoryMebibytes: number,
): Promise<void> {
  const host = await room.addHost({ memoryMebibytes });
  await whileBlocked(room, blocked, async () => {
    host.powerOn();
    await said(room, host, /attempt 1 of \d+ to get \S+ of 10\.92\.0\.1 failed/);
    await said(room, host, /This host could not start: the root file system \S+ of server/);
    await said(room, host, /check the server's firewall: NFS is TCP port 2049; HTTP is/);
    await said(room, host, /The host restarts in one minute/);
  });
  await untilIdle(room, host);
}

async function whileBlocked(
  room: VmRoom,
  [protocol, port]: readonly ['tcp' | 'udp', number],
  act: () => Promise<void>,
): Promise<void> {
  await room.block(protocol, port);
  try {
    await act();
  } finally {
    await room.unblock();
  }
}
