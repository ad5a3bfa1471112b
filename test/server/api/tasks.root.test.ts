/** Operators' calls about tasks, over the socket of a real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isEnded } from '../../../lib/model/task.ts';
import { withServer } from '../running-server.ts';
import {
  captureTask,
  deployTask,
  partitionTask,
  shutdownTask,
} from '../../support/task-requests.ts';
import { english } from '../../support/messages.ts';
import { DEPLOY, NOT_FOUND, BAD_MESSAGE, NOT_ALLOWED, CAPTURE } from './sample-calls.ts';

const BAD_ARGUMENT = { code: 'bad-argument' };

describe('tasks', () => {
  test('tasks are made for hosts and groups, each host once, and say who made them', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
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
          image: 'win11',
          targets: [two.hostId],
          disk: { type: 'only' },
          afterwards: null,
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
      const { call } = await server.operator();
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
        /^capture to before, partition like win11, deploy win11: host-/,
      );
    });
  });

  test('tasks put together are refused in an order, or of an image, that cannot be', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
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
      const { call } = await server.operator();
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
      const { call } = await server.operator();
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
      const { call } = await server.operator();
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
      const { call } = await server.operator();
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
