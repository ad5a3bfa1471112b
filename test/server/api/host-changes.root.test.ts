import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HostView } from '../../../lib/model/host.ts';
import { withServer, type RunningServer } from '../running-server.ts';

type Room = {
  readonly server: RunningServer;
  readonly call: Awaited<ReturnType<RunningServer['operator']>>['call'];
  readonly ids: readonly [string, string, string];
};

async function withRoom(work: (room: Room) => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    const { call } = await server.operator();
    const hostOf = async (number: number): Promise<string> => {
      const mac = `52:54:00:00:00:0${number}`;
      const { id } = await call('host.add', { mac, name: `pc-${number}` });
      return id;
    };
    await work({ server, call, ids: [await hostOf(1), await hostOf(2), await hostOf(3)] });
  });
}

const shown = (hosts: readonly HostView[]): string[] =>
  hosts.map(({ name, ipAddress, groupName }) => `${name} ${ipAddress ?? '-'} ${groupName ?? '-'}`);

describe('changes of many hosts', () => {
  test('changes of many hosts are made together: names, addresses and groups, also swapped ones', async () => {
    await withRoom(async ({ call, ids: [one, two, three] }) => {
      await call('group.create', { name: 'room', hosts: ['pc-3'] });
      const changed = await call('host.editMany', {
        changes: [
          { host: one, name: 'pc-2', ipAddress: '10.0.0.10', group: 'room' },
          { host: 'pc-2', name: 'pc-1', ipAddress: '10.0.0.20' },
          { host: three, group: null },
        ],
      });
      assert.deepEqual(
        changed.map(({ id }) => id),
        [one, two, three],
      );
      assert.deepEqual(shown(changed), ['pc-2 10.0.0.10 room', 'pc-1 10.0.0.20 -', 'pc-3 - -']);
    });
  });

  test('changes of many hosts are all refused when one of them cannot be made', async () => {
    await withRoom(async ({ call, ids: [one, two, three] }) => {
      await call('host.edit', { host: three, ipAddress: '10.0.0.3' });
      const before = await call('host.list', { group: null });
      const refusals = [
        [{ host: two, name: 'PC-3' }, 'name-taken', 'naming a host "PC-3": pc-3 has it'],
        [
          { host: two, name: 'ws-1' },
          'name-taken',
          'naming a host "ws-1": pc-2 is to have it as well',
        ],
        [
          { host: two, ipAddress: '10.0.0.3' },
          'not-allowed',
          'giving a host the address 10.0.0.3: pc-3 has it',
        ],
        [
          { host: two, group: 'nowhere' },
          'not-found',
          'finding the group "nowhere": there is none',
        ],
        [{ host: 'pc-9', name: 'ws-9' }, 'not-found', 'finding the host "pc-9": there is none'],
        [{ host: one, name: 'ws-2' }, 'bad-argument', 'changing hosts: pc-1 is named twice'],
      ] as const;
      for (const [second, code, message] of refusals) {
        const changes = [{ host: one, name: 'ws-1', ipAddress: '10.0.0.1' }, second];
        await assert.rejects(call('host.editMany', { changes }), { code, message });
        assert.deepEqual(await call('host.list', { group: null }), before, message);
      }
      const bad = [{ host: one, name: 'not a name' }];
      await assert.rejects(call('host.editMany', { changes: bad }), { code: 'bad-message' });
    });
  });

  test('changes of many hosts find an address that another host has, also for one host alone and for a new one', async () => {
    await withRoom(async ({ call, ids: [one, two] }) => {
      await call('host.edit', { host: one, ipAddress: '10.0.0.1' });
      const taken = { code: 'not-allowed', message: /pc-1 has it/ };
      await assert.rejects(call('host.edit', { host: two, ipAddress: '10.0.0.1' }), taken);
      const mac = '52:54:00:00:00:09';
      await assert.rejects(call('host.add', { mac, ipAddress: '10.0.0.1' }), taken);
      assert.equal((await call('host.edit', { host: one, ipAddress: '10.0.0.1' })).name, 'pc-1');
    });
  });
});
