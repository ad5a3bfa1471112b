/** Hosts that wait for an operator's approval, and how they are approved. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_PENDING_HOSTS } from '../../../lib/rules/capability.ts';
import { MacAddress } from '../../../lib/model/names.ts';
import { Settings } from '../../../lib/model/settings.ts';
import { Store } from '../../../server/store/store.ts';
import { withServer, type RunningServer } from '../running-server.ts';
import { withRoom } from '../sample-room.ts';
import { sampleHost } from '../store/sample-data.ts';
import { captureTask, shutdownTask } from '../../support/task-requests.ts';
import { withDirectory } from '../../support/directories.ts';

const CAPTURE = { disk: { type: 'only' }, compression: 'zstd', afterwards: null } as const;

async function withApproval(use: (server: RunningServer) => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    await server.setAutomaticRegistration(false);
    await use(server);
  });
}

describe('automatic registration', () => {
  test('automatic registration is off on a new server, stays as it is set, and decides who is taken in', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const off = Settings.parse({ automaticRegistration: false });
      const on = Settings.parse({ automaticRegistration: true });
      assert.deepEqual(await call('settings.set', { automaticRegistration: false }), off);
      const pending = await server.readyEngine(1);
      assert.equal((await call('host.show', { host: pending.hostId })).approval, 'pending');
      await call('settings.set', { automaticRegistration: true });
      assert.deepEqual(await call('settings.set', {}), on);
      assert.deepEqual(await call('settings.get', {}), on);
      const approved = await server.readyEngine(2);
      assert.equal((await call('host.show', { host: approved.hostId })).approval, 'approved');
      // Who waits goes on waiting.
      assert.equal((await call('host.show', { host: pending.hostId })).approval, 'pending');
      const { hosts } = await call('status.get', {});
      // Who waits for approval is not ready, though its engine is there.
      assert.deepEqual(hosts, { total: 2, idle: 1, working: 0, off: 0, pending: 1 });
    });
  });

  test('automatic registration is off in a store nobody has used', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      assert.equal(store.read().settings.automaticRegistration, false);
      await store.close();
    });
  });
});

test('what the wizards start with is kept, one setting without the others', async () => {
  await withServer(async (server) => {
    const { call } = await server.operator();
    const first = await call('settings.get', {});
    assert.deepEqual(
      [first.captureCompression, first.afterwards, first.deployWake, first.waitHours],
      ['zstd', 'reboot', true, 24],
    );
    await call('settings.set', { afterwards: 'power-off' });
    await call('settings.set', { captureCompression: 'lzo', deployWake: false });
    const changed = { ...first, captureCompression: 'lzo', deployWake: false };
    assert.deepEqual(await call('settings.get', {}), { ...changed, afterwards: 'power-off' });
    // Null is a choice, not an absent one.
    await call('settings.set', { afterwards: null });
    assert.deepEqual(await call('settings.get', {}), { ...changed, afterwards: null });
  });
});

describe('a pending host', () => {
  test('a pending host gets no work, and the operator hears why', async () => {
    await withApproval(async (server) => {
      const { call } = await server.operator();
      const { hostId, peer } = await server.readyEngine(1);
      for (const work of [
        call('task.create', captureTask({ ...CAPTURE, host: hostId, imageName: 'win11' })),
        call('task.create', shutdownTask({ targets: [hostId], mode: 'reboot' })),
      ]) {
        await assert.rejects(work, {
          code: 'not-allowed',
          message: `giving work to host-${sampleHost(1).mac.replaceAll(':', '')}: it waits for approval: approve the host first`,
        });
      }
      assert.deepEqual(await call('task.list', { limit: 10 }), []);
      assert.deepEqual(await peer.call('nextOperation', {}), { type: 'idle' });
    });
  });

  test('a pending host gets nothing even of work that it had, and no image data', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1], { transport: 'unicast' });
      const engine = await room.connect(1);
      const { runId, token } = await engine.nextWork();
      assert.equal(room.work.dataAccess.authorize(runId, token, ['deploy']).run.id, runId);
      await room.deploy([2], { transport: 'unicast' });
      const other = await room.connect(2);
      await room.store.change((data) => {
        for (const host of data.hosts) host.approval = 'pending';
      });
      assert.throws(() => room.work.dataAccess.authorize(runId, token, ['deploy']), {
        code: 'unauthorized',
      });
      assert.deepEqual(await other.next(), { type: 'idle' });
      assert.equal(room.run(task, 1).state, 'running');
    });
  });

  test('a pending host is approved with others at once, gets work then, or is deleted', async () => {
    await withApproval(async (server) => {
      const { call } = await server.operator();
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      const three = await server.readyEngine(3);
      await assert.rejects(call('host.approve', { hosts: [one.hostId, 'nobody'] }), {
        code: 'not-found',
      });
      assert.equal((await call('host.show', { host: one.hostId })).approval, 'pending');
      const approved = await call('host.approve', { hosts: [one.hostId, two.hostId] });
      assert.deepEqual(
        approved.map(({ id, approval }) => [id, approval]),
        [
          [one.hostId, 'approved'],
          [two.hostId, 'approved'],
        ],
      );
      await call('task.create', captureTask({ ...CAPTURE, host: one.hostId, imageName: 'win11' }));
      assert.equal((await one.nextWork()).type, 'capture');
      await call('host.delete', { host: three.hostId });
      assert.equal((await call('host.list', { group: null })).length, 2);
    });
  });

  test('a pending host is one of so many at most', async () => {
    await withApproval(async (server) => {
      await server.stop();
      const store = await Store.open(server.options.dataDirectory);
      await store.change((data) => {
        for (let index = 1; index <= MAX_PENDING_HOSTS; index += 1) {
          data.hosts.push({ ...sampleHost(1000 + index), approval: 'pending' });
        }
      });
      await store.close();
      await server.start();
      await server.setAutomaticRegistration(false);
      const engine = await server.engine(1);
      await assert.rejects(engine.register(), {
        code: 'not-allowed',
        message: `registering the host ${sampleHost(1).mac}: ${MAX_PENDING_HOSTS} hosts wait for approval already: approve or delete some first`,
      });
      // Those that are known register as ever.
      await (await server.engine(1001)).register();
      const operator = await server.operator();
      await operator.call('host.delete', { host: sampleHost(1002).id });
      await engine.register();
    });
  });
});

describe('a host that an operator adds', () => {
  test('a host that an operator adds is approved, may have work at once, and is the one that registers later', async () => {
    await withApproval(async (server) => {
      const { call } = await server.operator();
      const { mac } = sampleHost(1);
      await call('group.create', { name: 'room-1', hosts: [] });
      const added = await call('host.add', {
        mac,
        name: 'pc-1',
        group: 'room-1',
        ipAddress: '10.77.0.9',
      });
      assert.deepEqual(
        [added.name, added.groupName, added.ipAddress, added.approval, added.lastSeenAt],
        ['pc-1', 'room-1', '10.77.0.9', 'approved', null],
      );
      await call('task.create', captureTask({ ...CAPTURE, host: 'pc-1', imageName: 'win11' }));
      const engine = await server.readyEngine(1);
      assert.equal(engine.hostId, added.id);
      assert.equal((await engine.nextWork()).type, 'capture');
      assert.notEqual((await call('host.show', { host: 'pc-1' })).lastSeenAt, null);
    });
  });

  test('a host that an operator adds is refused when its address or name is taken or its group is unknown', async () => {
    await withApproval(async (server) => {
      const { call } = await server.operator();
      const mac = MacAddress.parse('52:54:00:77:00:01');
      const other = MacAddress.parse('52:54:00:77:00:02');
      const { name } = await call('host.add', { mac });
      assert.equal(name, 'host-525400770001');
      await assert.rejects(call('host.add', { mac }), { code: 'not-allowed' });
      await assert.rejects(call('host.add', { mac: other, name }), { code: 'name-taken' });
      await assert.rejects(call('host.add', { mac: other, group: 'x' }), { code: 'not-found' });
      assert.equal((await call('host.list', { group: null })).length, 1);
    });
  });
});

describe('an engine whose host is not known any more', () => {
  for (const what of ['was deleted', 'has another MAC address now'] as const) {
    test(`an engine whose host is not known any more because it ${what} is disconnected, so that it registers again`, async () => {
      await withServer(async (server) => {
        const { call } = await server.operator();
        const engine = await server.readyEngine(1);
        if (what === 'was deleted') await call('host.delete', { host: engine.hostId });
        else await call('host.edit', { host: engine.hostId, mac: sampleHost(99).mac });
        // What an engine does after its work, when it is still connected.
        await assert.rejects(engine.logon(engine.hostId));
        await engine.peer.closed;
        const again = await server.engine(1);
        const hostId = await again.register();
        assert.notEqual(hostId, engine.hostId);
        await again.logon(hostId);
        assert.equal((await call('host.show', { host: hostId })).state, 'idle');
      });
    });
  }
});
