/** One server and two rooms, the second one behind a router that relays DHCP. */

import assert from 'node:assert/strict';
import { isInNetwork } from '../../../../lib/network/ipv4.ts';
import { makeGoldenDisk } from '../disks.ts';
import type { Machine } from '../machine.ts';
import type { VmRoom } from '../room.ts';
import { FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';

export const twoSubnets: Scenario = {
  name: 'two-subnets',
  title:
    'hosts register from behind a DHCP relay as well, and one that is carried there finds its work',
  inCi: false,
  room: { ...FULL_NFS, network: 'relayed' },
  run: async (room) => {
    const [main, other] = room.network.wires.map(({ subnet }) => subnet.name);
    assert.ok(main !== undefined && other !== undefined);
    const golden = await makeGoldenDisk(room.run, room.directory);
    const near = await room.addHost({ wire: main, disk: golden.file });
    near.powerOn();
    await registersFrom(room, near, main);
    await near.powerOff();
    const far = await room.addHost({ wire: other });
    far.powerOn();
    await registersFrom(room, far, other);
    await far.powerOff();
    const uefi = await room.addHost({ wire: other, firmware: 'uefi' });
    uefi.powerOn();
    await registersFrom(room, uefi, other);
    await uefi.powerOff();
    await room.moveHost(near, other);
    await room.server.cli([
      'capture',
      near.mac,
      '--disk',
      'only',
      '--name',
      'golden',
      '--then',
      'reboot',
      '--detach',
    ]);
    near.powerOn();
    await untilSaid(room, near, 'openclone: state=working');
    await assertIsIn(room, near, other);
    await untilSaid(room, near, golden.marker);
  },
};

async function registersFrom(room: VmRoom, host: Machine, wire: string): Promise<void> {
  await untilIdle(room, host);
  await assertIsIn(room, host, wire);
}

/** What the server knows of the host has an address of `wire`, and no other. */
async function assertIsIn(room: VmRoom, host: Machine, wire: string): Promise<void> {
  const known = (await room.server.hosts()).find(({ mac }) => mac === host.mac);
  assert.equal(known?.approval, 'approved');
  const own = known.systemInfo?.interfaces.find(({ mac }) => mac === host.mac)?.addresses ?? [];
  const subnet = room.site.subnets.find(({ name }) => name === wire);
  assert.ok(subnet !== undefined);
  const { networkAddress, prefixLength } = subnet;
  const addresses = own
    .map((each) => each.split('/')[0] ?? '')
    .filter((each) => each.includes('.'));
  assert.equal(addresses.length, 1, own.join(', '));
  for (const address of [...addresses, known.address ?? '']) {
    assert.ok(isInNetwork(address, networkAddress, prefixLength), `${address} is not in ${wire}`);
  }
}
