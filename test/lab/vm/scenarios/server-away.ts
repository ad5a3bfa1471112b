/** The server is away while hosts are in the engine: who brings them back, and what their consoles say meanwhile. */

import { setTimeout } from 'node:timers/promises';
import { makeGoldenDisk } from '../disks.ts';
import type { Machine } from '../machine.ts';
import type { RoomKind, VmRoom } from '../room.ts';
import { BOOT_TIMEOUT_MS, FULL_NFS, untilIdle, type Scenario } from '../scenario.ts';

/** Two minutes of silence, half a minute in which the server answers, and a whole boot. */
const BACK_TIMEOUT_MS = 240_000 + BOOT_TIMEOUT_MS;
/** Longer than a frozen engine is waited for. */
const LONG_MS = 150_000;
/** What a host says when it, or its system, restarts. */
export const RESTARTS = /this host restarts|Linux version/;
export const IN_RAM: RoomKind = { ...FULL_NFS, rootTransport: 'ram' };

/** What a host never says whose root is in memory. */
const HAS_TROUBLE = /the engine does not move|this host restarts|Linux version/;
/** Its engine again, or the watchdog. */
export const BACK =
  /openclone: (state=idle |the server is back, but the engine does not move; this host restarts|the server answers, but the engine cannot log on; this host restarts)/;
const CONNECTING =
  /openclone: state=connecting [^\r\n]*problem="(The server at \S+ does not answer|The machine at \S+ answers, but no OpenClone|The server broke|This host has no network)/;

/**
 * What hosts say while the server is away. One with its root by NFS is frozen as soon as it needs a part of its programs
 * that it has not read yet, which can be at once.
 */
export const SAYS_AWAY = new RegExp(
  `${CONNECTING.source}|openclone: the engine does not move; this host goes on or restarts when the server \\S+ answers`,
);

export const serverAwayNfs: Scenario = {
  name: 'server-away',
  title:
    'an idle host with its root by NFS says that the server is away, and comes back by itself when it is back at once',
  inCi: false,
  room: FULL_NFS,
  run: (room) => comesBack(room, 0),
};

export const serverAwayLong: Scenario = {
  name: 'server-away-long',
  title: 'the same when the server stays away for longer than the watchdog waits',
  inCi: false,
  room: FULL_NFS,
  run: (room) => comesBack(room, LONG_MS),
};

/** Returns who brought it back: what it does not need of its programs meanwhile decides that. */
async function comesBack(room: VmRoom, awayMs: number): Promise<string> {
  const disk = await makeGoldenDisk(room.run, room.directory);
  const host = await room.addHost({ disk: disk.file });
  await idle(room, host);
  await room.cutServer();
  const [words] = await said(room, host, SAYS_AWAY, RESTARTS);
  await setTimeout(awayMs, undefined, { ...(room.signal && { signal: room.signal }) });
  await room.restoreServer();
  const back = await said(room, host, BACK);
  // Restarted without work, its own disk is right.
  if (back[0].includes('restarts')) await said(room, host, new RegExp(disk.marker));
  await host.powerOff();
  return `it said "${words}", then "${back[0]}"`;
}

export const serverAwayRam: Scenario = {
  name: 'server-away-ram',
  title: 'an idle host with its root in memory says that the server is away, and goes on by itself',
  inCi: false,
  room: IN_RAM,
  run: async (room) => {
    const host = await room.addHost({ memoryMebibytes: 1536 });
    await idle(room, host);
    await room.cutServer();
    const [words] = await said(room, host, CONNECTING, HAS_TROUBLE);
    await room.restoreServer();
    await said(room, host, /openclone: state=idle /, HAS_TROUBLE);
    await host.powerOff();
    return `it said "${words}"`;
  },
};

async function idle(room: VmRoom, host: Machine): Promise<void> {
  host.powerOn();
  await untilIdle(room, host);
  host.console.skip();
}

/** Waits until the host says `pattern`. */
export async function said(
  room: VmRoom,
  host: Machine,
  pattern: RegExp,
  unwanted = /Kernel panic|\(initramfs\)/,
): Promise<RegExpExecArray> {
  const { signal } = room;
  return host.console.waitFor(pattern, { timeoutMs: BACK_TIMEOUT_MS, unwanted, signal });
}
