/** Who claims a host's MAC address from a network adapter that is not the host's, on a wire as in a room. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { MacAddress } from '../../lib/model/names.ts';
import { ENGINE_PATH } from '../../lib/protocol/version.ts';
import { parseNeighbour } from '../../server/hosts/neighbours.ts';
import { afterTest } from '../engine/scratch-disk.ts';
import { addMachine, addSwitch, removeNamespace } from '../lab/network.ts';
import { underAttack, type AttackedServer } from './attacked-server.ts';

const PREFIX = `oc-adapter-${process.pid}`;
const SERVER = '10.93.0.1';
const macOf = (index: number): string => `52:54:00:93:00:0${index}`;

type Say = {
  readonly from: number;
  readonly claims: number;
  readonly serial?: string;
  /** The other adapter that it names; its own when absent. */
  readonly names?: number;
  readonly secret?: string;
  readonly hostId?: string;
  readonly address?: string;
};
type Room = {
  readonly server: AttackedServer;
  /** What comes of it when the machine says it is that host: "approved", "pending", or why it was refused. */
  readonly comes: (say: Say) => Promise<string>;
};

/** A server and the machines 1 to 3 on one switch. */
async function inRoom(t: TestContext, use: (room: Room) => Promise<void>): Promise<void> {
  const switchNamespace = `${PREFIX}-switch`;
  afterTest(t, () => removeNamespace(run, switchNamespace));
  await addSwitch(run, switchNamespace);
  for (const index of [0, 1, 2, 3]) {
    const namespace = `${PREFIX}-${index}`;
    afterTest(t, () => removeNamespace(run, namespace));
    await addMachine(run, {
      namespace,
      switchNamespace,
      port: `port${index}`,
      mac: macOf(index),
      address: `10.93.0.${index + 1}/24`,
    });
  }
  await underAttack(
    async (server) => {
      const url = `wss://${SERVER}:${server.port}${ENGINE_PATH}`;
      const program = join(import.meta.dirname, 'machine-program.ts');
      await use({
        server,
        comes: async ({ from, claims, serial = `SN${claims}`, names = from, ...more }) => {
          const say = { url, claimed: macOf(claims), own: macOf(names), serial, ...more };
          const { stdout } = await run('ip', [
            'netns',
            'exec',
            `${PREFIX}-${from}`,
            process.execPath,
            program,
            JSON.stringify(say),
          ]);
          return stdout.trim();
        },
      });
    },
    { through: ['ip', 'netns', 'exec', `${PREFIX}-0`], args: ['--listen', SERVER] },
  );
}

describe('a machine with the MAC address and serial number of a host, but not its network adapter', () => {
  test('a machine with the MAC address and serial number of a host, but not its network adapter is refused once the host has been there, told, and may be accepted', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const { call } = await server.operator();
      await call('settings.set', { automaticRegistration: true });
      assert.equal(await comes({ from: 1, claims: 1 }), 'approved');
      assert.match(await comes({ from: 3, claims: 1 }), /network adapter 52:54:00:93:00:03/);
      assert.equal(await comes({ from: 1, claims: 1 }), 'approved');
      const events = (await call('log.watch', {})).map(({ event }) => event);
      const expected = {
        type: 'foreign-adapter',
        host: 'host-525400930001',
        address: '10.93.0.4',
        hardwareAddress: '52:54:00:93:00:03',
        isRefused: true,
      };
      assert.deepEqual(
        events.filter(({ type }) => type === 'foreign-adapter'),
        [expected],
      );
      await call('host.acceptMachine', { host: 'host-525400930001' });
      assert.equal(await comes({ from: 3, claims: 1 }), 'approved');
    });
  });

  test('a machine with the MAC address and serial number of a host, but not its network adapter is not the host that an operator has added and nobody has seen', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const { call } = await server.operator();
      await call('host.add', { mac: macOf(2) });
      assert.match(await comes({ from: 3, claims: 2 }), /none of that host's/);
      assert.equal(await comes({ from: 2, claims: 2 }), 'approved');
    });
  });

  test('a machine with the MAC address and serial number of a host, but not its network adapter is pending when it is the first to come, though hosts are taken in by themselves', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const { call } = await server.operator();
      await call('settings.set', { automaticRegistration: true });
      assert.equal(await comes({ from: 3, claims: 2 }), 'pending');
      assert.equal((await server.hasLogged('foreign-adapter')).length, 1);
      // And where a device stands in for all adapters, nobody is kept out.
      await call('settings.set', { checkAddresses: false });
      assert.equal(await comes({ from: 3, claims: 1 }), 'approved');
      assert.equal(await comes({ from: 1, claims: 1 }), 'approved');
    });
  });
});

describe('a host that goes from one dock to another', () => {
  test('a host that goes from one dock to another is itself on each that it was itself on, though another was named last', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const { call } = await server.operator();
      await call('settings.set', { automaticRegistration: true });
      assert.equal(await comes({ from: 1, claims: 1, names: 3 }), 'approved');
      assert.equal(await comes({ from: 3, claims: 1 }), 'approved');
      assert.equal(await comes({ from: 1, claims: 1 }), 'approved');
      assert.equal(await comes({ from: 3, claims: 1 }), 'approved');
      assert.match(await comes({ from: 2, claims: 1 }), /none of that host's/);
    });
  });

  test('a host that goes from one dock to another is itself on one that nobody has seen, while it is the same boot, and from then on', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const { call } = await server.operator();
      await call('settings.set', { automaticRegistration: true });
      const secret = 'a'.repeat(64);
      assert.equal(await comes({ from: 1, claims: 1, secret }), 'approved');
      const { id: hostId } = await call('host.show', { host: macOf(1) });
      const running = { claims: 1, hostId };
      const other = 'b'.repeat(64);
      assert.match(await comes({ from: 2, ...running, secret: other }), /none of that host's/);
      assert.match(await comes({ from: 2, ...running }), /none of that host's/);
      assert.match(
        await comes({ from: 2, ...running, secret, serial: 'OTHER' }),
        /which has another one/,
      );
      assert.equal(await comes({ from: 3, ...running, secret }), 'approved');
      assert.equal(await comes({ from: 3, claims: 1 }), 'approved');
    });
  });

  test('a host that goes from one dock to another and an operator says which of two adapters is its own', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const { call } = await server.operator();
      await call('settings.set', { automaticRegistration: true });
      assert.equal(await comes({ from: 1, claims: 1 }), 'approved');
      const host = macOf(1);
      for (const from of [2, 3]) assert.match(await comes({ from, claims: 1 }), /none of/);
      await assert.rejects(call('host.acceptMachine', { host }), {
        code: 'not-allowed',
        message: /several network adapters/,
      });
      const unknown = MacAddress.parse('52:54:00:93:00:09');
      await assert.rejects(call('host.acceptMachine', { host, hardwareAddress: unknown }), {
        code: 'bad-argument',
      });
      const hardwareAddress = MacAddress.parse(macOf(3));
      await call('host.acceptMachine', { host, hardwareAddress });
      assert.equal(await comes({ from: 3, claims: 1 }), 'approved');
      assert.match(await comes({ from: 2, claims: 1 }), /none of that host's/);
    });
  });
});

describe('a machine behind a router', () => {
  const BEHIND = '10.94.0.4';

  test('a machine behind a router is no host that was in a network of the server, until an operator says that it moved', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const at = ['-n', `${PREFIX}-3`];
      await run('ip', [...at, 'addr', 'add', `${BEHIND}/32`, 'dev', 'lo']);
      // A router asks for the server's adapter by its own address, not by that of whom it forwards.
      await run('ip', [
        'netns',
        'exec',
        `${PREFIX}-3`,
        'sysctl',
        '-qw',
        'net.ipv4.conf.all.arp_announce=2',
      ]);
      const via = ['10.94.0.0/24', 'via', '10.93.0.4'];
      await run('ip', ['-n', `${PREFIX}-0`, 'route', 'add', ...via]);
      const { call } = await server.operator();
      await call('settings.set', { automaticRegistration: true });
      assert.equal(await comes({ from: 1, claims: 1 }), 'approved');
      const routed = { from: 3, claims: 1, address: BEHIND };
      assert.match(await comes(routed), /comes through a router/);
      const events = (await call('log.watch', {})).map(({ event }) => event);
      assert.deepEqual(
        events.filter(({ type }) => type === 'routed-machine'),
        [{ type: 'routed-machine', host: 'host-525400930001', address: BEHIND }],
      );
      // A host that was never in one of its networks has to come so.
      assert.equal(await comes({ ...routed, claims: 2 }), 'approved');
      await call('host.acceptMachine', { host: macOf(1) });
      assert.equal(await comes(routed), 'approved');
    });
  });
});

test('The neighbour table is read: who is not in it, or not completely, cannot be told.', () => {
  const table = `IP address       HW type     Flags       HW address            Mask     Device
10.77.0.101      0x1         0x2         52:54:00:77:00:01     *        eth1
10.77.0.10       0x1         0x0         00:00:00:00:00:00     *        eth1
10.77.0.103      0x1         0x6         52:54:00:77:00:03     *        eth1
`;
  const seen = ['10.77.0.101', '10.77.0.10', '10.77.0.103', '10.77.0.1', '::1', ''].map((address) =>
    parseNeighbour(table, address),
  );
  assert.deepEqual(seen, ['52:54:00:77:00:01', null, '52:54:00:77:00:03', null, null, null]);
});
