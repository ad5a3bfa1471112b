/** Security, claims 4 to 6: other users of the server, logs, and lists of processes. */

import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PinnedAgent } from '../../engine/pinned-agent.ts';
import { run } from '../../lib/exec/run.ts';
import { assertNoSecret, filesBelow, secretsOf, withSite } from './room-under-attack.ts';
import { captureTask } from '../support/task-requests.ts';

/** Debian's user and group for nobody, and the group that the test's server gives its socket. */
const NOBODY = '65534';
const SOCKET_GROUP = 'daemon';

/** curl's exit status as nobody, with the groups given: 0 when something answers, 7 when it may not connect. */
async function connectAsNobody(socketPath: string, groups: readonly string[]): Promise<number> {
  const { exitStatus } = await run(
    'setpriv',
    [
      '--reuid',
      NOBODY,
      '--regid',
      NOBODY,
      ...(groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.join(',')]),
      'curl',
      '--silent',
      '--output',
      '/dev/null',
      '--unix-socket',
      socketPath,
      // A handshake (RFC 6455) at a path that is none: the server answers 400.

      '-H',
      'Connection: Upgrade',
      '-H',
      'Upgrade: websocket',
      '-H',
      'Sec-WebSocket-Version: 13',
      '-H',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '--max-time',
      '20',
      'http://localhost/none',
    ],
    { allowedStatuses: [0, 7] },
  );
  return exitStatus;
}

/** Whether nobody can read the file: root asks no one, so root cannot tell. */
async function isReadableForNobody(path: string): Promise<boolean> {
  const { exitStatus } = await run(
    'setpriv',
    ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', 'test', '-r', path],
    { allowedStatuses: [0, 1] },
  );
  return exitStatus === 0;
}

describe('another user of the server', () => {
  test('another user of the server cannot call as an operator, unless in the group of the socket', async () => {
    await withSite(async ({ server }) => {
      const { socketPath } = server.options;
      const { mode } = await stat(socketPath);
      assert.equal((mode & 0o777).toString(8), '660');
      assert.equal(await connectAsNobody(socketPath, []), 7);
      assert.equal(await connectAsNobody(socketPath, [SOCKET_GROUP]), 0);
    }, 0);
  });

  test('another user of the server cannot read keys, store, images and logs, even if the server has no umask', async () => {
    await withSite(async ({ server, site }) => {
      const { call } = await server.operator();
      await call('operator.add', { name: 'eva', password: 'correct horse' });
      await server.captureImage(await server.readyEngine(1));
      const data = join(server.directory, 'data');
      assert.ok(await isReadableForNobody(join(site.tftpDirectory, 'grub/grub.cfg')));
      const files = [...(await filesBelow(data)), ...(await filesBelow(site.imageDirectory))];
      assert.ok(files.length >= 8);
      for (const { path, mode } of files) {
        // The certificate is public; its directory lets nobody in all the same.
        if (path.endsWith('.crt')) continue;
        assert.equal(mode & 0o007, 0, `${path} has mode ${mode.toString(8)}`);
        assert.equal(await isReadableForNobody(path), false, path);
      }
      for (const secret of ['run-token.key', 'tls/server.key', 'store.json']) {
        assert.equal(((await stat(join(data, secret))).mode & 0o777).toString(8), '600', secret);
      }
    }, 0);
  });

  test('another user of the server sees no secret in the log or among the processes while a password is set', async () => {
    await withSite(async ({ server }) => {
      const engine = await server.readyEngine(1);
      const { call } = await server.operator();
      await call('operator.add', { name: 'eva', password: 'correct horse' });
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
      await engine.capture(runId, token);
      const secrets = await secretsOf(server, {
        "the host's run token": token,
        "an operator's password": 'correct horse',
      });
      const runLogs = await filesBelow(join(server.directory, 'data/logs'));
      assert.ok(server.captured.lines.length > 5);
      const ownLog = JSON.stringify(server.captured.lines);
      assertNoSecret('the log', ownLog, secrets);
      for (const { path, content } of runLogs) assertNoSecret(path, content, secrets);
      const { stdout } = await run('ps', ['-eww', '-o', 'args']);
      assertNoSecret('the list of processes', stdout, secrets);
    });
  });
});

describe('another server at the address of ours', () => {
  test('another server at the address of ours is refused by the engine before it is told anything', async () => {
    await withSite(async ({ server: ours }) => {
      await withSite(async ({ server: other }) => {
        const certificate = await readFile(join(ours.directory, 'data/tls/server.crt'), 'utf8');
        const ask = async (port: number): Promise<number> =>
          new Promise((resolve, reject) => {
            const agent = new PinnedAgent(certificate);
            const request = httpsRequest(
              { host: '127.0.0.1', port, path: '/runs/x', agent },
              (response) => {
                response.resume();
                resolve(response.statusCode ?? 0);
              },
            );
            request.on('error', reject);
            request.end();
          });
        assert.equal(await ask(ours.port), 404);
        await assert.rejects(ask(other.port), { code: 'unauthorized' });
        const heard = other.captured.lines.filter(({ event }) => event === 'data-refused');
        assert.deepEqual(heard, []);
      });
    });
  });
});
