import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectOperator, type OperatorClient } from '../../../lib/client/operator-client.ts';
import type { InventoryChange } from '../../../lib/protocol/operator-api/status.ts';
import { withServer, type RunningServer } from '../running-server.ts';
import { shutdownTask } from '../../support/task-requests.ts';

/** A watcher with all that it was told, and a wait for what it will be told. */
async function withWatcher(
  server: RunningServer,
  work: (watcher: {
    readonly first: InventoryChange;
    readonly heard: InventoryChange[];
    readonly until: (isIt: (change: InventoryChange) => boolean) => Promise<InventoryChange>;
    readonly call: OperatorClient['call'];
  }) => Promise<void>,
): Promise<void> {
  const heard: InventoryChange[] = [];
  let wake: () => void = () => undefined;
  const client = await connectOperator({
    socketPath: server.options.socketPath,
    operator: 'eva',
    onInventory: (change) => {
      heard.push(change);
      wake();
    },
  });
  const first = await client.call('inventory.watch', { intervalMs: 100 });
  const until = async (isIt: (change: InventoryChange) => boolean): Promise<InventoryChange> => {
    for (;;) {
      const found = heard.find(isIt);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  try {
    await work({ first, heard, until, call: client.call });
  } finally {
    client.close();
    await client.closed;
  }
}

describe('who watches the room', () => {
  test('who watches the room is told all hosts at first, with their disks alone, and then only those that changed', async () => {
    await withServer(async (server) => {
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      await withWatcher(server, async ({ first, heard, until, call }) => {
        assert.deepEqual(
          first.hosts.map(({ id }) => id).toSorted(),
          [one.hostId, two.hostId].toSorted(),
        );
        const [info] = first.hosts.map(({ systemInfo }) => systemInfo);
        assert.equal(info?.disks[0]?.sizeBytes, 512_110_190_592);
        assert.deepEqual(info.disks[0].partitions, []);
        assert.deepEqual([info.processors, info.interfaces], [[], []]);
        heard.length = 0;
        await call('host.edit', { host: two.hostId, name: 'ws-2' });
        const renamed = await until(({ hosts }) => hosts.some(({ name }) => name === 'ws-2'));
        assert.deepEqual(
          [renamed.hosts.length, renamed.areGroupsChanged, renamed.areImagesChanged],
          [1, true, false],
        );
        one.peer.close('end.done');
        const off = await until(({ hosts }) => hosts.some(({ state }) => state === 'off'));
        assert.deepEqual(
          off.hosts.map(({ id, address }) => [id, address]),
          [[one.hostId, null]],
        );
        assert.equal(off.areGroupsChanged, false);
      });
    });
  });

  test('who watches the room is told of work, groups, settings and hosts that are gone', async () => {
    await withServer(async (server) => {
      const one = await server.readyEngine(1);
      await withWatcher(server, async ({ heard, until, call }) => {
        await call('group.create', { name: 'room', hosts: [one.hostId] });
        const grouped = await until(({ hosts }) => hosts[0]?.groupName === 'room');
        assert.ok(grouped.areGroupsChanged);
        await call('task.create', shutdownTask({ targets: [one.hostId], mode: 'exit' }));
        await one.nextWork();
        const working = await until(({ hosts }) => hosts[0]?.state === 'working');
        assert.equal(working.areGroupsChanged, false);
        one.peer.close('end.done');
        const [task] = (await call('status.get', {})).tasks;
        assert.ok(task !== undefined);
        await call('task.cancel', { task: task.id, host: null });
        await call('host.delete', { host: one.hostId });
        const deleted = await until(({ gone }) => gone.length > 0);
        assert.deepEqual([deleted.gone, deleted.areGroupsChanged], [[one.hostId], true]);
        assert.ok(heard.every(({ areImagesChanged }) => !areImagesChanged));
        assert.ok(heard.every(({ areSettingsChanged }) => !areSettingsChanged));
        await call('settings.set', { afterwards: 'power-off' });
        const set = await until(({ areSettingsChanged }) => areSettingsChanged);
        assert.deepEqual(
          [set.hosts, set.gone, set.areGroupsChanged, set.areImagesChanged],
          [[], [], false, false],
        );
      });
    });
  });
});
