/** A host with two network cards that boots from the second one; the first leads nowhere. */

import assert from 'node:assert/strict';
import { makeBlankDisk, makeGoldenDisk } from '../disks.ts';
import { otherMacOf, type Firmware } from '../machine.ts';
import type { VmRoom } from '../room.ts';
import { BOOT_TIMEOUT_MS, FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';

export const twoCards: Scenario = {
  name: 'two-cards',
  title:
    'a host with two network cards is known by the one that it boots from, and gets a multicast transmission over it',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const golden = await makeGoldenDisk(room.run, room.directory);
    const source = await bootsFromSecond(room, 'bios', golden.file);
    await room.server.cli([
      'capture',
      source.mac,
      '--disk',
      'only',
      '--name',
      'two-cards',
      '--then',
      'reboot',
    ]);
    await untilSaid(room, source, golden.marker);
    const target = await bootsFromSecond(room, 'bios', makeBlankDisk(room.directory, 'two-cards'));
    await room.server.cli([
      'deploy',
      'two-cards',
      '--to',
      target.mac,
      '--transport',
      'multicast',
      '--wait',
      String(BOOT_TIMEOUT_MS / 1000),
      '--then',
      'reboot',
      '--yes',
    ]);
    await untilSaid(room, target, golden.marker);
  },
};

export const twoCardsUefi: Scenario = {
  name: 'two-cards-uefi',
  title: 'a UEFI host with two network cards is known by the one that it boots from',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const host = await bootsFromSecond(room, 'uefi', null);
    await host.powerOff();
  },
};

async function bootsFromSecond(
  room: VmRoom,
  firmware: Firmware,
  disk: string | null,
): ReturnType<VmRoom['addHost']> {
  const host = await room.addHost({ firmware, disk, hasOtherCard: true });
  host.powerOn();
  await untilIdle(room, host);
  const hosts = await room.server.hosts();
  const known = hosts.find(({ mac }) => mac === host.mac);
  const cards = known?.systemInfo?.interfaces ?? [];
  assert.deepEqual(
    cards.map(({ mac, addresses }) => [mac, addresses.some((each) => each.includes('.'))]).sort(),
    [
      [host.mac, true],
      [otherMacOf(host.mac), false],
    ],
  );
  assert.ok(!hosts.some(({ mac }) => mac === otherMacOf(host.mac)), 'it is one host only');
  return host;
}
