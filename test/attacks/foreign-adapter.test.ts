/** Who claims a host's MAC address from a network adapter that is not the host's, on a wire as in a room. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { ENGINE_PATH } from '../../lib/protocol/version.ts';
import { parseNeighbour } from '../../server/neighbours.ts';
import { afterTest } from '../engine/scratch-disk.ts';
import { addMachine, addSwitch, removeNamespace } from '../lab/network.ts';
import { underAttack, type AttackedServer } from './attacked-server.ts';

const PREFIX = `oc-adapter-${process.pid}`;
const SERVER = '10.93.0.1';
const macOf = (index: number): string => `52:54:00:93:00:0${index}`;

type Say = { readonly from: number; readonly claims: number; readonly serial?: string };
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
      ...{ namespace, switchNamespace, port: `port${index}`, mac: macOf(index) },
      address: `10.93.0.${index + 1}/24`,
    });
  }
  await underAttack(
    async (server) => {
      const url = `wss://${SERVER}:${server.port}${ENGINE_PATH}`;
      const program = join(import.meta.dirname, 'machine-program.ts');
      await use({
        server,
        comes: async ({ from, claims, serial = `SN${claims}` }) => {
          const say = { url, claimed: macOf(claims), own: macOf(from), serial };
          const { stdout } = await run('ip', [
            ...['netns', 'exec', `${PREFIX}-${from}`, process.execPath, program],
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
  test('is refused once the host has been there, told, and may be accepted', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const { call } = await server.operator();
      await call('settings.set', { automaticRegistration: true });
      assert.equal(await comes({ from: 1, claims: 1 }), 'approved');
      assert.match(await comes({ from: 3, claims: 1 }), /network adapter 52:54:00:93:00:03/);
      assert.equal(await comes({ from: 1, claims: 1 }), 'approved');
      const events = (await call('log.watch', {})).map(({ event }) => event);
      const expected = {
        ...{ type: 'foreign-adapter', host: 'host-525400930001', address: '10.93.0.4' },
        ...{ hardwareAddress: '52:54:00:93:00:03', isRefused: true },
      };
      assert.deepEqual(
        events.filter(({ type }) => type === 'foreign-adapter'),
        [expected],
      );
      await call('host.acceptMachine', { host: 'host-525400930001' });
      assert.equal(await comes({ from: 3, claims: 1 }), 'approved');
    });
  });

  test('is not the host that an operator has added and nobody has seen', async (t) => {
    await inRoom(t, async ({ server, comes }) => {
      const { call } = await server.operator();
      await call('host.add', { mac: macOf(2) });
      assert.match(await comes({ from: 3, claims: 2 }), /none of that host's/);
      assert.equal(await comes({ from: 2, claims: 2 }), 'approved');
    });
  });

  test('is pending when it is the first to come, though hosts are taken in by themselves', async (t) => {
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
