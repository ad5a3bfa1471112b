import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectOperator, type OperatorClient } from '../../../lib/client/operator-client.ts';
import { isEnded } from '../../../lib/model/task.ts';
import type { Status } from '../../../lib/model/status.ts';
import { OPERATOR_METHODS } from '../../../lib/protocol/operator-api/table.ts';
import { PROGRAM_VERSION, OPERATOR_PROTOCOL_VERSION } from '../../../lib/protocol/version.ts';
import { withServer, type RunningServer } from '../running-server.ts';
import {
  captureTask,
  deployTask,
  partitionTask,
  shutdownTask,
} from '../../support/task-requests.ts';
import { english } from '../../support/messages.ts';

const NOT_FOUND = { code: 'not-found' };
const NAME_TAKEN = { code: 'name-taken' };
const NOT_ALLOWED = { code: 'not-allowed' };
const BAD_ARGUMENT = { code: 'bad-argument' };
const BAD_MESSAGE = { code: 'bad-message' };

/** Every call that any test here has made. */
const called = new Set<string>(['server.hello']);

async function operatorOf(
  server: RunningServer,
  onStatus?: (status: Status) => void,
): Promise<Pick<OperatorClient, 'call' | 'server' | 'close' | 'closed'>> {
  const client = await server.operator(onStatus);
  return {
    ...client,
    call: (name, params) => {
      called.add(name);
      return client.call(name, params);
    },
  };
}

const DEPLOY = {
  image: 'win11',
  disk: { type: 'only' },
  transport: 'auto',
  gatherMs: 3_600_000,
  afterwards: null,
} as const;
const CAPTURE = { disk: { type: 'only' }, compression: 'zstd', afterwards: null } as const;

describe('the first call', () => {
  test('the first call tells about the server', async () => {
    await withServer(async (server) => {
      const { server: greeting, call } = await operatorOf(server);
      assert.deepEqual(
        [greeting.programVersion, greeting.protocolVersion, greeting.isLoginNeeded],
        [PROGRAM_VERSION, OPERATOR_PROTOCOL_VERSION, false],
      );
      const { server: info } = await call('status.get', {});
      assert.equal(info.imageStore.path, `${server.directory}/images`);
      assert.ok(info.imageStore.freeBytes > 0 && info.memoryBytes > info.freeMemoryBytes);
    });
  });

  test('the first call is refused to another version, and comes before work is asked for', async () => {
    await withServer(async (server) => {
      const client = await operatorOf(server);
      const hello = { protocolVersion: 99, operator: 'eva' };
      await assert.rejects(client.call('server.hello', hello), { code: 'protocol-mismatch' });
    });
  });

  test('the first call finds no server where none listens', async () => {
    await assert.rejects(
      connectOperator({ socketPath: '/nonexistent/server.sock', operator: 'eva' }),
      {
        code: 'connection-failed',
        message: 'connecting to the server at /nonexistent/server.sock: no server is running here',
      },
    );
  });
});

describe('hosts', () => {
  test('hosts are listed by name, with numbers in their order, all or those of a group', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
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
      const { call } = await operatorOf(server);
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
      const { call } = await operatorOf(server);
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      await call('group.create', { name: 'room', hosts: [] });
      const edited = await call('host.edit', {
        ...{ host: one.hostId, name: 'ws-1', mac: '52-54-00-AA-BB-CC', group: 'room' },
        ...{ serialNumber: 'S1', ipAddress: '10.0.0.1' },
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
      const { call } = await operatorOf(server);
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

describe('groups', () => {
  test('groups are made, listed, shown, changed and deleted', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
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
        ...{ group, name: 'Lab', add: [two.hostId], remove: [one.hostId] },
      });
      assert.deepEqual([edited.name, edited.hosts.map(({ id }) => id)], ['Lab', [two.hostId]]);
      assert.deepEqual(await call('group.show', { group: 'lab' }), edited);
      await call('group.delete', { group: 'lab' });
      assert.equal((await call('host.show', { host: two.hostId })).groupName, null);
    });
  });

  test('groups are refused with a name that is taken, and with hosts that are not there', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
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

describe('images', () => {
  test('images are listed, shown, verified, renamed and deleted', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      await server.captureImage(await server.readyEngine(1));
      const [image] = await call('image.list', {});
      const version = image?.versions[0];
      assert.ok(image !== undefined && version !== undefined);
      const shown = await call('image.show', { image: 'WIN11' });
      assert.deepEqual([shown.image, shown.manifest.versionId], [image, version.id]);
      assert.equal(shown.directory, `${server.directory}/images/${image.id}/${version.id}`);
      for (const allVersions of [true, false]) {
        const found: unknown = await call('image.verify', { image: image.id, allVersions });
        assert.partialDeepStrictEqual(found, [{ problems: [], versionId: version.id }]);
      }
      assert.equal((await call('image.rename', { image: 'win11', name: 'office' })).name, 'office');
      await call('image.delete', { image: 'office' });
      assert.deepEqual(await call('image.list', {}), []);
    });
  });

  test('images that are protected are neither deleted nor captured anew, until they are not any more', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const kept = await call('image.protect', { image: 'win11', isProtected: true });
      assert.deepEqual([kept.name, kept.isProtected], ['win11', true]);
      await assert.rejects(call('image.delete', { image: 'win11' }), {
        code: 'not-allowed',
        message: /the image is protected: take the protection away first/,
      });
      const again = { ...CAPTURE, host: engine.hostId, imageName: 'WIN11' };
      await assert.rejects(call('task.create', captureTask(again)), { message: /is protected/ });
      // Another name is another thing; to deploy it is what it is kept for.
      assert.equal(
        (await call('image.rename', { image: 'win11', name: 'kept' })).isProtected,
        true,
      );
      await call('task.create', deployTask({ ...DEPLOY, image: 'kept', targets: [engine.hostId] }));
      const [task] = await call('task.list', { limit: 1 });
      assert.ok(task !== undefined);
      await call('task.cancel', { task: task.id, host: null });
      await call('image.protect', { image: 'kept', isProtected: false });
      await call('image.delete', { image: 'kept' });
      const gone = call('image.protect', { image: 'kept', isProtected: true });
      await assert.rejects(gone, NOT_FOUND);
    });
  });

  test('images stay while a host that was cut off may still be receiving them', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const task = await call('task.create', deployTask({ ...DEPLOY, targets: [engine.hostId] }));
      await engine.nextWork();
      engine.peer.close('cut off');
      const host = { host: engine.hostId };
      while ((await call('host.show', host)).state !== 'off') await delay(10);
      await call('task.cancel', { task: task.id, host: null });
      const ended = await call('task.show', { task: task.id });
      assert.equal(ended.task.runs[0]?.state, 'interrupted');
      await assert.rejects(call('image.delete', { image: 'win11' }), {
        code: 'not-allowed',
        message: /a host that was cut off may still be receiving it/,
      });
    });
  });

  test('images are refused that are not there, that have the name, or that are in use', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const nothing = { image: 'x' };
      await assert.rejects(call('image.show', nothing), NOT_FOUND);
      await assert.rejects(call('image.verify', { ...nothing, allVersions: true }), NOT_FOUND);
      await assert.rejects(call('image.rename', { ...nothing, name: 'y' }), NOT_FOUND);
      await assert.rejects(call('image.delete', nothing), NOT_FOUND);
      const targets = [engine.hostId];
      const deploy = await call('task.create', deployTask({ ...DEPLOY, targets }));
      await assert.rejects(call('image.delete', { image: 'win11' }), NOT_ALLOWED);
      await call('task.cancel', { task: deploy.id, host: null });
      await call(
        'task.create',
        captureTask({ ...CAPTURE, host: engine.hostId, imageName: 'other' }),
      );
      const other = await engine.nextWork();
      await engine.capture(other.runId, other.token);
      await assert.rejects(call('image.rename', { image: 'other', name: 'WIN11' }), NAME_TAKEN);
      await call('image.delete', { image: 'win11' });
    });
  });
});

describe('tasks', () => {
  test('tasks are made for hosts and groups, each host once, and say who made them', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      await server.captureImage(one);
      await call('group.create', { name: 'room', hosts: [one.hostId, two.hostId] });
      const targets = ['room', one.hostId];
      assert.deepEqual(
        (await call('host.resolve', { targets })).map(({ id }) => id),
        [one.hostId, two.hostId],
      );
      const deploy = await call(
        'task.create',
        deployTask({ ...DEPLOY, targets, afterwards: 'power-off' }),
      );
      assert.deepEqual(
        [english(deploy.title), deploy.createdBy, deploy.runs.map(({ hostId }) => hostId)],
        ['deploy win11 to room, host-525400000001', 'eva', [one.hostId, two.hostId]],
      );
      assert.deepEqual(
        deploy.operations.map(({ type }) => type),
        ['deploy', 'shutdown'],
      );
      const partition = await call(
        'task.create',
        partitionTask({
          ...{ image: 'win11', targets: [two.hostId], disk: { type: 'only' }, afterwards: null },
        }),
      );
      assert.deepEqual(
        partition.operations.map(({ type }) => type),
        ['partition'],
      );
      const listed = await call('task.list', { limit: 2 });
      assert.deepEqual(
        listed.map(({ id }) => id),
        [partition.id, deploy.id],
      );
      const shown = await call('task.show', { task: deploy.id });
      assert.deepEqual(Object.keys(shown.hostNames).sort(), [one.hostId, two.hostId].sort());
    });
  });

  test('tasks are put together of operations, which keep their order and work on one disk', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const { hostId } = await server.readyEngine(1);
      await server.captureImage(await server.readyEngine(2));
      const [image] = await call('image.list', {});
      const disk = { type: 'serial', value: 'S4EV1' } as const;
      const task = await call('task.create', {
        targets: [hostId],
        disk,
        operations: [
          { type: 'capture', imageName: 'before', compression: 'lzo' },
          { type: 'partition', image: 'win11' },
          { type: 'deploy', image: 'win11', transport: 'unicast', gatherMs: 5 },
          { type: 'shutdown', mode: 'reboot' },
        ],
      });
      const chosen = { disk, imageId: image?.id, versionId: image?.versions[0]?.id };
      assert.deepEqual(task.operations, [
        { type: 'capture', disk, imageName: 'before', compression: 'lzo' },
        { type: 'partition', ...chosen },
        { type: 'deploy', ...chosen, transport: 'unicast', gatherMs: 5 },
        { type: 'shutdown', mode: 'reboot' },
      ]);
      assert.match(
        english(task.title),
        /^capture to before, partition like win11, deploy win11, reboot: host-/,
      );
    });
  });

  test('tasks put together are refused in an order, or of an image, that cannot be', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      await server.captureImage(one);
      await call('image.protect', { image: 'win11', isProtected: true });
      const partition = { type: 'partition', image: 'win11' } as const;
      const deploy = { type: 'deploy', image: 'win11', transport: 'auto', gatherMs: 0 } as const;
      const off = { type: 'shutdown', mode: 'power-off' } as const;
      const capture = { type: 'capture', imageName: 'new', compression: 'zstd' } as const;
      const refusals = [
        [[one], [deploy, partition], /would destroy what was deployed/],
        [[one], [off, deploy], /nothing can follow a shutdown/],
        [[one], [deploy, deploy], /deploy is there twice/],
        [[one, two], [capture], /capture is for one host at a time/],
        [[one], [{ ...capture, imageName: 'Win11' }], /is protected/],
        [[one], [{ ...deploy, image: 'x' }], /finding the image "x"/],
      ] as const;
      for (const [hosts, operations, message] of refusals) {
        const targets = hosts.map(({ hostId }) => String(hostId));
        const wish = { targets, disk: { type: 'only' } as const, operations: [...operations] };
        await assert.rejects(call('task.create', wish), { message });
      }
      assert.equal((await call('task.list', { limit: 10 })).length, 1, 'the capture alone');
    });
  });

  test('tasks are refused for what is not there or not allowed', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const engine = await server.readyEngine(1);
      const { hostId } = engine;
      const targets = [hostId];
      await assert.rejects(call('task.create', deployTask({ ...DEPLOY, targets })), NOT_FOUND);
      await server.captureImage(engine);
      await assert.rejects(call('task.create', deployTask({ ...DEPLOY, targets: ['x'] })), {
        code: 'not-found',
        message: 'finding the target "x": there is no host and no group of that name',
      });
      await assert.rejects(
        call('task.create', deployTask({ ...DEPLOY, targets: [] })),
        BAD_MESSAGE,
      );
      await call('group.create', { name: 'empty', hosts: [] });
      await assert.rejects(
        call('task.create', deployTask({ ...DEPLOY, targets: ['empty'] })),
        NOT_ALLOWED,
      );
      await call('host.edit', { host: hostId, name: 'twin' });
      await call('group.create', { name: 'twin', hosts: [] });
      const twin = call('task.create', shutdownTask({ targets: ['twin'], mode: 'exit' }));
      await assert.rejects(twin, BAD_ARGUMENT);
      await call('task.create', captureTask({ ...CAPTURE, host: hostId, imageName: 'new' }));
      const again = { ...CAPTURE, host: hostId, imageName: 'NEW' };
      await assert.rejects(call('task.create', captureTask(again)), NOT_ALLOWED);
      await assert.rejects(call('task.show', { task: 'task-0000000000' }), NOT_FOUND);
    });
  });

  test('tasks are put away for all operators, when all of them has ended', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const one = await server.readyEngine(1);
      const { id } = await call(
        'task.create',
        shutdownTask({ targets: [one.hostId], mode: 'reboot' }),
      );
      await assert.rejects(call('task.putAway', { task: id }), NOT_ALLOWED);
      await call('task.cancel', { task: id, host: null });
      const { putAway } = await call('task.putAway', { task: id });
      assert.ok(putAway !== undefined);
      const again = await call('task.putAway', { task: id });
      assert.deepEqual(again.putAway, putAway, 'who was first stays named');
      const { tasks } = await call('status.get', {});
      assert.deepEqual(tasks.find((task) => task.id === id)?.putAway, putAway);
      await assert.rejects(call('task.putAway', { task: 'task-0000000000' }), NOT_FOUND);
    });
  });

  test('tasks are cancelled, whole or for one host', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      const targets = [one.hostId, two.hostId];
      const { id, runs } = await call('task.create', shutdownTask({ targets, mode: 'reboot' }));
      const byHost = (hostId: string): string[] =>
        runs.filter((run) => run.hostId === hostId).map((run) => run.id);
      const first = await call('task.cancel', { task: id, host: two.hostId });
      assert.deepEqual(first.cancelled, byHost(two.hostId));
      const second = await call('task.cancel', { task: id, host: null });
      assert.deepEqual(second.cancelled, byHost(one.hostId));
      const { task } = await call('task.show', { task: id });
      assert.ok(task.runs.every(({ state }) => isEnded(state)));
      await assert.rejects(call('task.cancel', { task: id, host: null }), NOT_ALLOWED);
      await assert.rejects(call('task.cancel', { task: id, host: 'ws-9' }), NOT_FOUND);
      const unknown = { task: 'task-0000000000', host: null };
      await assert.rejects(call('task.cancel', unknown), NOT_FOUND);
    });
  });

  test('tasks with a session that waits can be begun when somebody is ready', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const one = await server.readyEngine(1);
      const two = await server.readyEngine(2);
      await server.captureImage(one);
      await call('task.create', deployTask({ ...DEPLOY, targets: [one.hostId, two.hostId] }));
      const { type } = await one.nextWork();
      assert.equal(type, 'deploy');
      const [session] = (await call('status.get', {})).sessions;
      assert.ok(session !== undefined);
      await assert.rejects(call('session.start', { session: session.id }), NOT_ALLOWED);
      const nobody = { session: 'session-0000000000' };
      await assert.rejects(call('session.start', nobody), NOT_FOUND);
    });
  });
});

describe('the status', () => {
  test('the status counts hosts by what they do and shows what is under way', async () => {
    await withServer(async (server) => {
      const { call } = await operatorOf(server);
      const one = await server.readyEngine(1);
      await server.readyEngine(2);
      await (await server.engine(3)).register();
      const task = await call(
        'task.create',
        captureTask({ ...CAPTURE, host: one.hostId, imageName: 'x' }),
      );
      await one.nextWork();
      const status = await call('status.get', {});
      assert.deepEqual(status.hosts, { total: 3, idle: 1, working: 1, off: 1, pending: 0 });
      assert.deepEqual(
        status.tasks.map(({ id }) => id),
        [task.id],
      );
      assert.deepEqual(Object.keys(status.hostNames), [one.hostId]);
    });
  });

  test('the status comes by itself to those that watch, when something has changed', async () => {
    await withServer(async (server) => {
      const heard: Status[] = [];
      let wake: () => void = () => undefined;
      const watcher = await operatorOf(server, (status) => {
        heard.push(status);
        wake();
      });
      const until = async (fits: (status: Status) => boolean): Promise<void> => {
        while (!heard.some(fits)) await new Promise<void>((resolve) => (wake = resolve));
      };
      const before = await watcher.call('status.watch', { intervalMs: 100 });
      assert.deepEqual([before.hosts.total, before.tasks, heard], [0, [], []]);
      const { hostId } = await server.readyEngine(1);
      await until(({ hosts }) => hosts.idle === 1);
      const other = await operatorOf(server);
      const { id } = await other.call(
        'task.create',
        shutdownTask({ targets: [hostId], mode: 'exit' }),
      );
      await until(({ tasks }) => tasks.some((task) => task.id === id));
      const count = heard.length;
      watcher.close();
      await watcher.closed;
      await other.call('task.cancel', { task: id, host: null });
      assert.equal(heard.length, count);
    });
  });

  test('the status comes without the tasks while they have not changed; the client puts them in again', async () => {
    await withServer(async (server) => {
      const heard: Status[] = [];
      let wake: () => void = () => undefined;
      const watcher = await operatorOf(server, (status) => {
        heard.push(status);
        wake();
      });
      const until = async (fits: (status: Status) => boolean): Promise<void> => {
        while (!heard.some(fits)) await new Promise<void>((resolve) => (wake = resolve));
      };
      await watcher.call('status.watch', { intervalMs: 100 });
      const engine = await server.readyEngine(1);
      await watcher.call('task.create', shutdownTask({ targets: [engine.hostId], mode: 'exit' }));
      const { runId } = await engine.nextWork();
      await until(({ tasks }) => tasks[0]?.runs[0]?.state === 'running');
      const progressAt = async (fraction: number): Promise<Status> => {
        const total = {
          doneBytes: 1,
          totalBytes: 2,
          fraction,
          bytesPerSecond: 1,
          remainingMs: null,
        };
        await engine.peer.call('statusUpdate', {
          ...{ runId, firstSequence: 1, events: [] },
          progress: { stepId: null, step: null, total },
        });
        const isIt = ({ progress }: Status): boolean => progress[0]?.total.fraction === fraction;
        await until(isIt);
        return heard.find(isIt) ?? assert.fail();
      };
      const first = await progressAt(0.25);
      const second = await progressAt(0.5);
      assert.equal(second.tasks, first.tasks, 'they were not sent again');
      assert.deepEqual(
        second.tasks.map(({ runs }) => runs.map(({ id }) => id)),
        [[runId]],
      );
      assert.deepEqual(Object.keys(second.hostNames), [engine.hostId]);
    });
  });

  test('the status does not come to those that do not watch', async () => {
    await withServer(async (server) => {
      const heard: Status[] = [];
      const { call } = await operatorOf(server, (status) => heard.push(status));
      await server.readyEngine(1);
      await call('status.get', {});
      assert.deepEqual(heard, []);
    });
  });
});

/** Calls that have tests of their own, by file. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'accounts.test.ts': ['operator.list', 'operator.add', 'operator.password', 'operator.delete'],
  'watches/inventory-watch.test.ts': ['inventory.watch'],
  'event-log.test.ts': ['log.watch'],
  'login/login.test.ts': [
    'operator.login',
    'operator.logout',
    'operator.present',
    'operator.rename',
  ],
  'wake/wake-scheduler.test.ts': ['host.wake'],
  'other-machine.test.ts': ['host.acceptMachine'],
  'host-changes.test.ts': ['host.editMany'],
  'run-logs.test.ts': ['run.log'],
  'host-approval.test.ts': ['host.add', 'host.approve', 'settings.get', 'settings.set'],
  'boot/boot-server.test.ts': ['host.clear', 'boot.refresh'],
};

test('every call of the operators has been made here or in a test of its own', () => {
  const all = [...called, ...Object.values(ELSEWHERE).flat()].sort();
  assert.deepEqual(all, Object.keys(OPERATOR_METHODS).sort());
});
