/** Security, claims 2 and 3: a pending host gets nothing, and no host gets what is another's. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunId } from '../../lib/model/ids.ts';
import { TOKEN_HEADER } from '../../lib/protocol/version.ts';
import { plan } from '../support/run-events.ts';
import type { RunningServer } from '../server/running-server.ts';
import { withSite } from './room-under-attack.ts';
import { captureTask, deployTask } from '../support/task-requests.ts';

const UNAUTHORIZED = 403;

async function statusOf(
  server: RunningServer,
  method: 'GET' | 'PUT',
  path: string,
  token: string,
): Promise<number> {
  const body = method === 'PUT' ? Buffer.from('content') : undefined;
  const answer = await server.data({ method, path, headers: { [TOKEN_HEADER]: token } }, body);
  return answer.status;
}

describe('a pending host', () => {
  test('a pending host is given no work, neither its own nor by a group, and can open no image data', async () => {
    await withSite(async ({ server }) => {
      const owner = await server.readyEngine(1);
      await server.captureImage(owner);
      await server.setAutomaticRegistration(false);
      const stranger = await server.readyEngine(2);
      const { call } = await server.operator();
      assert.equal((await call('host.show', { host: stranger.hostId })).approval, 'pending');
      const wishes = { disk: { type: 'only' }, afterwards: null } as const;
      await assert.rejects(
        call(
          'task.create',
          deployTask({
            ...wishes,
            image: 'win11',
            targets: [stranger.hostId],
            transport: 'unicast',
            gatherMs: 0,
          }),
        ),
        { code: 'not-allowed' },
      );
      await assert.rejects(
        call(
          'task.create',
          captureTask({
            ...wishes,
            host: stranger.hostId,
            imageName: 'stolen',
            compression: 'zstd',
          }),
        ),
        { code: 'not-allowed' },
      );
      assert.deepEqual(await stranger.peer.call('nextOperation', {}), { type: 'idle' });
      const { tasks } = await call('status.get', {});
      const ended = tasks[0]?.runs[0]?.id ?? '';
      for (const path of [`/runs/${ended}/session`, '/runs/run-0000000001/session']) {
        assert.equal(await statusOf(server, 'GET', path, ''), UNAUTHORIZED);
        assert.equal(await statusOf(server, 'GET', path, '0'.repeat(64)), UNAUTHORIZED);
      }
    });
  });
});

describe('a host', () => {
  test("a host cannot open another's run, nor report on it, nor use its token for something else", async () => {
    await withSite(async ({ server }) => {
      const first = await server.readyEngine(1);
      await server.captureImage(first);
      const second = await server.readyEngine(2);
      const { call } = await server.operator();
      await call(
        'task.create',
        deployTask({
          image: 'win11',
          targets: [first.hostId],
          disk: { type: 'only' },
          transport: 'unicast',
          gatherMs: 0,
          afterwards: null,
        }),
      );
      await call(
        'task.create',
        captureTask({
          host: second.hostId,
          disk: { type: 'only' },
          imageName: 'other',
          compression: 'zstd',
          afterwards: null,
        }),
      );
      const deploy = await first.nextWork();
      const capture = await second.nextWork();
      assert.notEqual(deploy.token, capture.token);

      const session = `/runs/${deploy.runId}/session`;
      const stream = `/runs/${capture.runId}/streams/p1`;
      assert.equal(await statusOf(server, 'GET', session, capture.token), UNAUTHORIZED);
      assert.equal(await statusOf(server, 'PUT', stream, deploy.token), UNAUTHORIZED);
      // Its own token, for what its operation is not.
      assert.equal(
        await statusOf(server, 'PUT', `/runs/${deploy.runId}/streams/p1`, deploy.token),
        UNAUTHORIZED,
      );
      assert.equal(
        await statusOf(server, 'GET', `/runs/${capture.runId}/session`, capture.token),
        UNAUTHORIZED,
      );
      await assert.rejects(second.report(RunId.parse(deploy.runId), 1, plan('write-disk')), {
        code: 'not-found',
      });
      assert.equal(await statusOf(server, 'GET', session, deploy.token), 200);
    });
  });

  test('a host opens nothing any more when its run has ended', async () => {
    await withSite(async ({ server }) => {
      const engine = await server.readyEngine(1);
      const { call } = await server.operator();
      await call(
        'task.create',
        captureTask({
          host: engine.hostId,
          disk: { type: 'only' },
          imageName: 'win11',
          compression: 'zstd',
          afterwards: null,
        }),
      );
      const { runId, token } = await engine.nextWork();
      const stream = `/runs/${runId}/streams/late`;
      await engine.capture(runId, token);
      assert.equal(await statusOf(server, 'PUT', stream, token), UNAUTHORIZED);
    });
  });

  test('a host is asked for nothing before it has logged on, and other paths lead nowhere', async () => {
    await withSite(async ({ server }) => {
      await server.captureImage(await server.readyEngine(1));
      const nobody = await server.engine(2);
      await assert.rejects(nobody.peer.call('nextOperation', {}), { code: 'unauthorized' });
      for (const path of ['/', '/images', '/images/', '/runs/', '/operator', '/runs/../images']) {
        assert.equal(await statusOf(server, 'GET', path, ''), 404, path);
      }
    });
  });
});
