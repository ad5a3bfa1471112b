/** Operators' calls about groups, over the socket of a real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withServer } from '../running-server.ts';
import { NAME_TAKEN, NOT_FOUND, BAD_MESSAGE } from './sample-calls.ts';

describe('groups', () => {
  test('groups are made, listed, shown, changed and deleted', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      const room = await call('group.create', { name: 'Room 1', hosts: [one.hostId] });
      assert.deepEqual(
        room.hosts.map(({ id }) => id),
        [one.hostId],
      );
      await call('group.create', { name: 'hall', hosts: [] });
      assert.deepEqual(
        (await call('group.list', {})).map(({ name }) => name),
        ['hall', 'Room 1'],
      );
      const group = 'room 1';
      const edited = await call('group.edit', {
        group,
        name: 'Lab',
        add: [two.hostId],
        remove: [one.hostId],
      });
      assert.deepEqual([edited.name, edited.hosts.map(({ id }) => id)], ['Lab', [two.hostId]]);
      assert.deepEqual(await call('group.show', { group: 'lab' }), edited);
      await call('group.delete', { group: 'lab' });
      assert.equal((await call('host.show', { host: two.hostId })).groupName, null);
    });
  });

  test('groups are refused with a name that is taken, and with hosts that are not there', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await call('group.create', { name: 'Müller', hosts: [] });
      await call('group.create', { name: 'hall', hosts: [] });
      const edit = { add: [], remove: [] };
      await assert.rejects(call('group.create', { name: 'MÜLLER', hosts: [] }), NAME_TAKEN);
      await assert.rejects(
        call('group.edit', { ...edit, group: 'hall', name: 'müller' }),
        NAME_TAKEN,
      );
      await assert.rejects(call('group.create', { name: 'x', hosts: ['ws-9'] }), NOT_FOUND);
      await assert.rejects(call('group.show', { group: 'x' }), NOT_FOUND);
      await assert.rejects(call('group.edit', { ...edit, group: 'x' }), NOT_FOUND);
      await assert.rejects(call('group.delete', { group: 'x' }), NOT_FOUND);
      await assert.rejects(call('group.create', { name: ' x', hosts: [] }), BAD_MESSAGE);
    });
  });
});
