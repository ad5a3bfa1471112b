/** What a scenario of the lab with virtual machines is, and what all of them do. */

import type { Machine } from './machine.ts';
import type { RoomKind, VmRoom } from './room.ts';

export type Scenario = {
  readonly name: string;
  /** A sentence: what is shown. */
  readonly title: string;
  /** Whether every run of the tests does it; the rest is for `npm run lab:vm -- --all`. */
  readonly inCi: boolean;
  readonly room: RoomKind;
  /**
   * Throws when something is not as it should be; returns a text when more is worth knowing. The room has a server with automatic
   * registration on.
   */
  readonly run: (room: VmRoom) => Promise<unknown>;
};

/** The room of most scenarios: OpenClone gives the addresses, and the hosts have their root by NFS. */
export const FULL_NFS: RoomKind = { network: 'full', rootTransport: 'nfs', server: 'processes' };
/** The same beside a foreign DHCP server. */
export const PROXY_NFS: RoomKind = { ...FULL_NFS, network: 'proxy' };

/** Scenarios with the same text can share a room. */
export function describeRoom(kind: RoomKind): string {
  const { network, rootTransport, server, nfsServer = 'ganesha', watchdogSeconds = '' } = kind;
  return [network, rootTransport, server, nfsServer, watchdogSeconds].join(' ');
}

/** Software emulation on a machine that others use as well: eight times what it takes on two idle cores. */
export const BOOT_TIMEOUT_MS = 480_000;

/** Ends a wait at once: the kernel or the initramfs gave up. */
const GAVE_UP = /Kernel panic|\(initramfs\)|state=fatal/;

/** Waits until the host's engine is on-line and has nothing to do; returns its line for the log. */
export async function untilIdle(room: VmRoom, host: Machine): Promise<string> {
  const match = await host.console.waitFor(/openclone: state=idle [^\r\n]*[\r\n]/, {
    timeoutMs: BOOT_TIMEOUT_MS,
    unwanted: GAVE_UP,
    signal: room.signal,
  });
  return match[0].trimEnd();
}

/** Waits until the host says `text` on its serial line. */
export async function untilSaid(
  room: VmRoom,
  host: Machine,
  text: string | RegExp,
  unwanted = GAVE_UP,
): Promise<void> {
  const pattern =
    typeof text === 'string' ? new RegExp(text.replaceAll(/[^A-Za-z0-9 =:-]/g, '\\$&')) : text;
  const { signal } = room;
  await host.console.waitFor(pattern, { timeoutMs: BOOT_TIMEOUT_MS, unwanted, signal });
}
