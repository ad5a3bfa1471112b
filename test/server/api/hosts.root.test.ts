/** Operators' calls about hosts, over the socket of a real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withServer } from '../running-server.ts';
import { shutdownTask } from '../../support/task-requests.ts';
import { NOT_FOUND, NAME_TAKEN, NOT_ALLOWED, BAD_MESSAGE } from './sample-calls.ts';

describe('hosts', () => {
  test('hosts are listed by name, with numbers in their order, all or those of a group', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      for (const [index, name] of [
        [1, 'ws-10'],
        [2, 'ws-2'],
        [3, 'ws-1'],
      ] as const) {
        const { hostId } = await server.readyEngine(index);
        await call('host.edit', { host: hostId, name });
      }
      await call('group.create', { name: 'room', hosts: ['ws-10', 'ws-1'] });
      const names = async (group: string | null): Promise<string[]> =>
        (await call('host.list', { group })).map(({ name }) => name);
      assert.deepEqual(await names(null), ['ws-1', 'ws-2', 'ws-10']);
      assert.deepEqual(await names('ROOM'), ['ws-1', 'ws-10']);
      await assert.rejects(names('hall'), NOT_FOUND);
    });
  });

  test('hosts are shown by name, id, MAC and IP address', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const { hostId } = await server.readyEngine(1);
      await call('host.edit', { host: hostId, name: 'ws-1', ipAddress: '10.77.0.101' });
      for (const host of ['ws-1', 'WS-1', hostId, '52-54-00-00-00-01', '10.77.0.101']) {
        assert.equal((await call('host.show', { host })).id, hostId, host);
      }
      await assert.rejects(call('host.show', { host: 'ws-9' }), {
        code: 'not-found',
        message: 'finding the host "ws-9": there is none',
        hint: '`openclone host list` shows what there is.',
      });
    });
  });

  test('hosts are edited field by field', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      await call('group.create', { name: 'room', hosts: [] });
      const edited = await call('host.edit', {
        host: one.hostId,
        name: 'ws-1',
        mac: '52-54-00-AA-BB-CC',
        group: 'room',
        serialNumber: 'S1',
        ipAddress: '10.0.0.1',
      });
      assert.deepEqual(
        [edited.name, edited.mac, edited.groupName, edited.serialNumber, edited.ipAddress],
        ['ws-1', '52:54:00:aa:bb:cc', 'room', 'S1', '10.0.0.1'],
      );
      const back = await call('host.edit', { host: 'ws-1', group: null, serialNumber: null });
      assert.deepEqual([back.groupName, back.serialNumber, back.name], [null, null, 'ws-1']);

      const edit = { host: two.hostId };
      await assert.rejects(call('host.edit', { ...edit, name: 'WS-1' }), NAME_TAKEN);
      await assert.rejects(call('host.edit', { ...edit, mac: '52:54:00:aa:bb:cc' }), NOT_ALLOWED);
      await assert.rejects(call('host.edit', { ...edit, group: 'hall' }), NOT_FOUND);
      await assert.rejects(call('host.edit', { host: 'ws-9' }), NOT_FOUND);
      await assert.rejects(call('host.edit', { ...edit, name: '-x' }), BAD_MESSAGE);
    });
  });

  test('hosts are deleted when they have no work', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const { hostId } = await server.readyEngine(1);
      const task = await call('task.create', shutdownTask({ targets: [hostId], mode: 'exit' }));
      await assert.rejects(call('host.delete', { host: hostId }), {
        code: 'not-allowed',
        message: /unfinished work/,
      });
      await call('task.cancel', { task: task.id, host: null });
      await call('host.delete', { host: hostId });
      await assert.rejects(call('host.delete', { host: hostId }), NOT_FOUND);
    });
  });
});
