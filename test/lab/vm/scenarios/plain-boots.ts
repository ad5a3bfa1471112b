/** Hosts that reach the engine and register: one scenario a firmware and a kind of DHCP. */

import assert from 'node:assert/strict';
import { screenTexts } from '../../../../engine/console/text/catalogue.ts';
import { until } from '../../../support/wait.ts';
import { BOOT_TIMEOUT_MS, FULL_NFS, PROXY_NFS, untilIdle, type Scenario } from '../scenario.ts';
import type { VmRoom } from '../room.ts';
import type { Firmware, Machine } from '../machine.ts';

export const biosBesideDhcp: Scenario = {
  name: 'bios-proxy',
  title:
    'beside a foreign DHCP server, a host with a BIOS reaches the engine and registers, and its screen says so in German where that is set',
  inCi: true,
  room: PROXY_NFS,
  run: async (room) => {
    await room.server.cli(['settings', '--host-language', 'de']);
    const host = await registers(room, 'bios', 768, { hasScreen: true });
    await showsReadyInGerman(host);
    await room.server.cli(['settings', '--host-language', 'en']);
  },
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
  { hasScreen = false }: { readonly hasScreen?: boolean } = {},
): Promise<Machine> {
  const host = await room.addHost({ firmware, memoryMebibytes, hasScreen });
  host.powerOn();
  await untilIdle(room, host);
  const known = (await room.server.hosts()).find(({ mac }) => mac === host.mac);
  assert.equal(known?.approval, 'approved');
  return host;
}

/** The words have gone from the setting by boot files, kernel command line and init to the engine, and umlauts are letters. */
async function showsReadyInGerman({ screen }: Machine): Promise<void> {
  assert.ok(screen !== null);
  const { ready, connected } = screenTexts('de').screen;
  assert.match(ready.headline, /ü/);
  let shown = '';
  await until(
    'the screen says in German that the host is ready',
    async () => {
      shown = (await screen.text()).join('\n');
      return [ready.headline, ready.body, connected].every((text) => shown.includes(text));
    },
    { timeoutMs: BOOT_TIMEOUT_MS, pollMs: 500, found: () => shown },
  );
}
