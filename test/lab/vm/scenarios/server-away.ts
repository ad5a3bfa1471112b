/** The server's power fails while hosts are in the engine: nobody walks to them. */

import { setTimeout } from 'node:timers/promises';
import { makeGoldenDisk } from '../disks.ts';
import type { VmRoom } from '../room.ts';
import { BOOT_TIMEOUT_MS, FULL_NFS, untilIdle, type Scenario } from '../scenario.ts';

/** Longer than the engine takes to notice, and than an NFS client keeps what it has read. */
const AWAY_MS = 60_000;
/** Two minutes of silence, half a minute in which the server answers, and a whole boot. */
const BACK_TIMEOUT_MS = 240_000 + BOOT_TIMEOUT_MS;

export const serverAwayNfs: Scenario = {
  name: 'server-away',
  title: 'an idle host with its root by NFS comes back when the server was away for a minute',
  inCi: false,
  room: FULL_NFS,
  run: (room) => comesBack(room, 768),
};

export const serverAwayRam: Scenario = {
  name: 'server-away-ram',
  title: 'an idle host with its root in memory comes back when the server was away for a minute',
  inCi: false,
  room: { ...FULL_NFS, rootTransport: 'ram' },
  run: (room) => comesBack(room, 1536),
};

async function comesBack(room: VmRoom, memoryMebibytes: number): Promise<void> {
  const disk = await makeGoldenDisk(room.run, room.directory);
  const host = await room.addHost({ disk: disk.file, memoryMebibytes });
  host.powerOn();
  await untilIdle(room, host);
  await room.cutServer();
  await setTimeout(AWAY_MS, undefined, { ...(room.signal && { signal: room.signal }) });
  host.console.skip();
  await room.restoreServer();
  // In the engine again, or started anew by its watchdog: then it has no work, and its own disk is right.
  await host.console.waitFor(new RegExp(`openclone: state=idle |${disk.marker}`), {
    timeoutMs: BACK_TIMEOUT_MS,
    unwanted: /Kernel panic|\(initramfs\)/,
    signal: room.signal,
  });
  await host.powerOff();
}
