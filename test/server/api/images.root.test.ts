/** Operators' calls about images, over the socket of a real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { withServer } from '../running-server.ts';
import { captureTask, deployTask } from '../../support/task-requests.ts';
import { CAPTURE, DEPLOY, NOT_FOUND, NOT_ALLOWED, NAME_TAKEN } from './sample-calls.ts';

describe('images', () => {
  test('images are listed, shown, verified, renamed and deleted', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
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

  test('images that are protected are neither deleted nor captured again, until they are not any more', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
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
      const { call } = await server.operator();
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const task = await call('task.create', deployTask({ ...DEPLOY, targets: [engine.hostId] }));
      await engine.nextWork();
      engine.peer.close('end.done');
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
      const { call } = await server.operator();
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
