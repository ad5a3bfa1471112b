/** A firewall between hosts and server takes one of the protocols: what still works, and what the host says. */

import { makeGoldenDisk } from '../disks.ts';
import type { VmRoom } from '../room.ts';
import { FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';

const HTTP = 80;
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
