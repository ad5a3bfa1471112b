/** One server and two rooms, the second one behind a router that relays DHCP. */

import assert from 'node:assert/strict';
import { isInNetwork } from '../../../../lib/ipv4.ts';
import type { Machine } from '../machine.ts';
import type { VmRoom } from '../room.ts';
import { FULL_NFS, untilIdle, type Scenario } from '../scenario.ts';

export const twoSubnets: Scenario = {
  name: 'two-subnets',
  title: 'behind a DHCP relay hosts register as well, also one that comes from another room',
  inCi: false,
  room: { ...FULL_NFS, network: 'relayed' },
  run: async (room) => {
    const [main, other] = room.network.wires.map(({ subnet }) => subnet.name);
    assert.ok(main !== undefined && other !== undefined);
    const near = await room.addHost({ wire: main });
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
    near.powerOn();
    await registersFrom(room, near, other);
  },
};

/** Waits for the host's engine; what the server knows of it then has an address of `wire`. */
async function registersFrom(room: VmRoom, host: Machine, wire: string): Promise<void> {
  await untilIdle(room, host);
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
