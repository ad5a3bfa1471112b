/** Hosts that reach the engine and register: one scenario a firmware and a kind of DHCP. */

import assert from 'node:assert/strict';
import { FULL_NFS, PROXY_NFS, untilIdle, type Scenario } from '../scenario.ts';
import type { VmRoom } from '../room.ts';
import type { Firmware } from '../machine.ts';

export const biosBesideDhcp: Scenario = {
  name: 'bios-proxy',
  title: 'beside a foreign DHCP server, a host with a BIOS reaches the engine and registers',
  inCi: true,
  room: PROXY_NFS,
  run: (room) => registers(room, 'bios', 768),
};

export const uefi: Scenario = {
  name: 'uefi',
  title: 'a host with UEFI reaches the engine and registers',
  inCi: false,
  room: FULL_NFS,
  run: (room) => registers(room, 'uefi', 768),
};

export const uefiBesideDhcp: Scenario = {
  name: 'uefi-proxy',
  title: 'beside a foreign DHCP server, a host with UEFI reaches the engine and registers',
  inCi: false,
  room: PROXY_NFS,
  run: (room) => registers(room, 'uefi', 768),
};

export const smallMemory: Scenario = {
  name: 'small-memory',
  title: 'a host with 512 MB reaches the engine from the NFS root',
  inCi: false,
  room: FULL_NFS,
  run: (room) => registers(room, 'bios', 512),
};

/** Boots a new host; it must come to the engine and be registered. */
export async function registers(
  room: VmRoom,
  firmware: Firmware,
  memoryMebibytes: number,
): Promise<void> {
  const host = await room.addHost({ firmware, memoryMebibytes });
  host.powerOn();
  await untilIdle(room, host);
  const known = (await room.server.hosts()).find(({ mac }) => mac === host.mac);
  assert.equal(known?.approval, 'approved');
}
