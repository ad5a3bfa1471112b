import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Host } from '../../../lib/model/host.ts';
import { localSubnets, wakeDestinations } from '../../../server/wake/destinations.ts';
import { sampleHost } from '../store/sample-data.ts';

const ROOM_1 = { networkAddress: '10.77.0.0', prefixLength: 24, serverAddress: '10.77.0.1' };
const ROOM_2 = { networkAddress: '10.77.64.0', prefixLength: 18, serverAddress: '10.77.64.1' };
const IN_ROOM_1 = { sourceAddress: '10.77.0.1', broadcastAddress: '10.77.0.255' };
const IN_ROOM_2 = { sourceAddress: '10.77.64.1', broadcastAddress: '10.77.127.255' };

function host(changes: Partial<Host>): Host {
  return { ...sampleHost(1), ...changes };
}

describe("a host's magic packet goes", () => {
  test("a host's magic packet goes into the subnet of the address that an operator gave it", () => {
    assert.deepEqual(wakeDestinations(host({ ipAddress: '10.77.100.7' }), [ROOM_1, ROOM_2]), [
      IN_ROOM_2,
    ]);
  });

  test("a host's magic packet goes: else into that of the address its engine had last", () => {
    assert.deepEqual(wakeDestinations(host({}), [ROOM_2, ROOM_1]), [IN_ROOM_1]);
  });

  test("a host's magic packet goes into all of them when the host has never been here, or was in none of them", () => {
    for (const changes of [{ systemInfo: null }, { ipAddress: '192.0.2.7' }]) {
      assert.deepEqual(wakeDestinations(host(changes), [ROOM_1, ROOM_2]), [IN_ROOM_1, IN_ROOM_2]);
    }
  });

  test("a host's magic packet goes not by the address of another adapter, nor by an IPv6 address", () => {
    const { systemInfo } = sampleHost(1);
    assert.ok(systemInfo !== null);
    const [own] = systemInfo.interfaces;
    assert.ok(own !== undefined);
    const elsewhere = Host.parse({
      ...sampleHost(1),
      systemInfo: {
        ...systemInfo,
        interfaces: [
          { ...own, addresses: ['fe80::1/64'] },
          { ...own, name: 'usb0', mac: '52:54:00:ff:ff:01', addresses: ['10.77.64.9/18'] },
        ],
      },
    });
    assert.deepEqual(wakeDestinations(elsewhere, [ROOM_1, ROOM_2]), [IN_ROOM_1, IN_ROOM_2]);
  });
});

test('a server without a site takes the networks of its own interfaces, never the loopback', () => {
  for (const { serverAddress, prefixLength } of localSubnets()) {
    assert.ok(!serverAddress.startsWith('127.'), serverAddress);
    assert.ok(prefixLength >= 1 && prefixLength <= 30, String(prefixLength));
  }
});
