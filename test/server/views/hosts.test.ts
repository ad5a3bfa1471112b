import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InventoryWatch } from '../../../server/watches/inventory-watch.ts';
import { viewHosts } from '../../../server/views/hosts.ts';
import { withRoom } from '../sample-room.ts';

test('the view of a host says which of its workers is connected, and a watcher is told when it is another one', async () => {
  await withRoom({}, async (room) => {
    const seen = (): unknown =>
      viewHosts(room.context, room.store.read().hosts).map(({ state, workers, address }) => [
        state,
        workers,
        address,
      ]);
    const watch = new InventoryWatch(room.context);
    const told = (): unknown => watch.next()?.hosts.map(({ workers }) => workers);
    assert.deepEqual(seen(), [['off', [], null]]);
    assert.deepEqual(told(), [[]]);
    await room.connect(1);
    assert.deepEqual(seen(), [['idle', ['engine'], '127.0.0.1']]);
    assert.deepEqual(told(), [['engine']]);
    const agent = await room.connect(1, null, { kind: 'agent' });
    assert.deepEqual(seen(), [['idle', ['agent'], '127.0.0.1']]);
    assert.deepEqual(told(), [['agent']]);
    assert.deepEqual([...room.connected.hosts], [room.host(1)]);
    room.disconnect(agent);
    assert.deepEqual(seen(), [['off', [], null]]);
    assert.deepEqual(told(), [[]]);
    assert.equal(told(), undefined);
  });
});
