/** A server that is started on a file system which takes nothing, or takes nothing more. */

import assert from 'node:assert/strict';
import { readFile, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { OperatorError } from '../../lib/errors.ts';
import { TOKEN_HEADER } from '../../lib/protocol/version.ts';
import { ImageStore } from '../../server/image-store/image-store.ts';
import { Store } from '../../server/store/store.ts';
import { freePort } from '../support/ports.ts';
import { RunningServer, withServer } from './running-server.ts';
import { withTmpfs } from './store/file-systems.ts';
import { captureTask } from '../support/task-requests.ts';

const MIB = 1024 * 1024;

/** A server in a file system of its own that has been started and stopped. */
async function withStopped(use: (server: RunningServer) => Promise<void>): Promise<void> {
  await withTmpfs(64 * MIB, async (directory) => {
    const server = new RunningServer(directory, await freePort());
    await server.start();
    await server.stop();
    await use(server);
  });
}

/** Leaves not a byte. */
async function fill(directory: string): Promise<void> {
  await writeFile(join(directory, 'ballast'), Buffer.alloc(64 * MIB)).catch(() => undefined);
  const { bavail } = await statfs(directory);
  assert.equal(bavail, 0);
}

describe('a server on a read-only file system', () => {
  test('a server on a read-only file system says so by name: which directory, and what to see to', async () => {
    await withStopped(async (server) => {
      const { directory } = server;
      await run('mount', ['-o', 'remount,ro', directory]);
      await assert.rejects(server.start(), (error: unknown) => {
        assert.ok(error instanceof OperatorError);
        assert.equal(error.code, 'store-write-failed');
        assert.ok(error.message.includes(join(directory, 'data')), error.message);
        assert.match(error.hint, /read-only/);
        return true;
      });
      await run('mount', ['-o', 'remount,rw', directory]);
      // Nothing is left locked.
      await server.start();
      await server.stop();
    });
  });

  test('a server on a read-only file system says so of the images, when only they are on it', async () => {
    await withTmpfs(64 * MIB, async (directory) => {
      const path = join(directory, 'images');
      (await ImageStore.open(path)).close();
      await run('mount', ['-o', 'remount,ro', directory]);
      await assert.rejects(ImageStore.open(path), {
        code: 'image-write-failed',
        message: `opening the image directory ${path}`,
      });
      await run('mount', ['-o', 'remount,rw', directory]);
      (await ImageStore.open(path)).close();
    });
  });
});

describe('a server on a full file system', () => {
  test('a server on a full file system starts: who holds the store is written for people only', async () => {
    await withStopped(async (server) => {
      // As after an upgrade from a version that did not write it.
      await run('rm', [join(server.directory, 'data/lock-holder')]);
      await fill(server.directory);
      const store = await Store.open(join(server.directory, 'data'));
      await assert.rejects(Store.open(join(server.directory, 'data')), { code: 'store-locked' });
      await store.close();
    });
  });
});

test('a server that starts before its clock is set keeps what a capture had sent that was cut off', async (t) => {
  await withServer(async (server) => {
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
    const path = `/runs/${runId}/streams/p1.partclone.zst`;
    const headers = { [TOKEN_HEADER]: token };
    await server.data({ method: 'PUT', path, headers }, Buffer.alloc(1000, 7));
    await server.stop();
    const store = await Store.open(join(server.directory, 'data'));
    await store.change(({ tasks }) => {
      const run = tasks[0]?.runs[0] ?? assert.fail();
      run.state = 'interrupted';
      run.endedAt = new Date().toISOString();
    });
    await store.close();
    const sent = join(server.directory, 'images/.incoming', runId, 'image/p1.partclone.zst');
    // The day that a machine without a battery believes it is.
    t.mock.method(Date, 'now', () => Date.parse('2021-01-01T00:00:00.000Z'));
    await server.start();
    await server.stop();
    t.mock.restoreAll();
    assert.deepEqual(await readFile(sent), Buffer.alloc(1000, 7));
  });
});
