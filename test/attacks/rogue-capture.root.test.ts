/** A host that has a capture to do sends more than its disk: the images' file system keeps room, and an operator ends it. */

import assert from 'node:assert/strict';
import { readdir, statfs, writeFile } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import type { OperatorClient } from '../../lib/client/operator-client.ts';
import { ErrorReport } from '../../lib/model/error-report.ts';
import type { Task } from '../../lib/model/task.ts';
import { TOKEN_HEADER } from '../../lib/protocol/version.ts';
import { withTmpfs } from '../server/store/file-systems.ts';
import { AttackedServer } from './attacked-server.ts';
import { diskOf, logOn, macOf, registerParams } from './stated-host.ts';
import type { Stranger } from './stranger.ts';
import { captureTask } from '../support/task-requests.ts';

const MIB = 1024 * 1024;
const Work = z.object({ runId: z.string(), token: z.string() });
type Work = z.infer<typeof Work>;

async function freeBytes(directory: string): Promise<number> {
  const { bsize, bavail } = await statfs(directory);
  return bavail * bsize;
}

/** Host number `index` tells of a disk of `sizeBytes` and is given its capture. */
async function capturing(
  server: AttackedServer,
  { call }: OperatorClient,
  index: number,
  sizeBytes: number,
): Promise<{ engine: Stranger; task: Task; work: Work }> {
  const engine = await server.engine({ localAddress: `127.0.5.${index}` });
  await logOn(engine, index, { disks: [diskOf(index, { sizeBytes })] });
  const task = await call(
    'task.create',
    captureTask({
      host: macOf(index),
      disk: { type: 'only' },
      imageName: `image ${index}`,
      compression: 'zstd',
      afterwards: null,
    }),
  );
  const work = Work.parse(await engine.call('nextOperation', {}));
  return { engine, task, work };
}

function optionsOf(server: AttackedServer, { runId, token }: Work, name: string): RequestOptions {
  return {
    host: '127.0.0.1',
    port: server.port,
    method: 'PUT',
    agent: false,
    path: `/runs/${runId}/streams/${name}`,
    rejectUnauthorized: false,
    headers: { [TOKEN_HEADER]: token },
  };
}

/** Sends a stream as fast as it is taken; returns "200", or the status and the code of the refusal. */
function send(server: AttackedServer, work: Work, name: string, mib: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const block = Buffer.alloc(MIB);
    let left = mib;
    const upload = request(optionsOf(server, work, name), (response) => {
      left = 0;
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        upload.destroy();
        if (response.statusCode === 200) resolve('200');
        else resolve(`${String(response.statusCode)} ${ErrorReport.parse(JSON.parse(text)).code}`);
      });
    });
    upload.on('error', (error) => reject(new Error(`sending ${name}`, { cause: error })));
    const more = (): void => {
      while (left > 0) {
        left -= 1;
        if (!upload.write(block)) return;
      }
      upload.end();
    };
    upload.on('drain', more);
    more();
  });
}

test('a host stores no more than its disk can make, nor the last of the room, and is ended on a full disk', async () => {
  await withTmpfs(320 * MIB, async (directory) => {
    const server = await AttackedServer.start(directory);
    try {
      assert.ok(server.isRunning, server.stderr);
      const operator = await server.operator();
      await operator.call('settings.set', { automaticRegistration: true });

      const small = await capturing(server, operator, 1, 10_000_000);
      assert.equal(await send(server, small.work, 'a', 90), '507 capture-too-large');
      assert.equal(await send(server, small.work, 'a', 50), '200');
      assert.equal(await send(server, small.work, 'b', 25), '507 capture-too-large');

      // A disk of eight petabytes costs nothing to tell of.
      const huge = await capturing(server, operator, 2, 8e15);
      const answers: string[] = [];
      for (let index = 0; index < 12; index += 1) {
        answers.push(await send(server, huge.work, `s${index}`, 30));
      }
      assert.equal(answers[0], '200');
      assert.equal(answers.at(-1), '507 image-store-full');
      const left = await freeBytes(directory);
      assert.ok(left >= 48 * MIB, `${left} bytes are left`);

      // Something else takes the rest.
      await writeFile(join(directory, 'ballast'), Buffer.alloc(left)).catch(() => undefined);
      assert.equal(await freeBytes(directory), 0);
      const { problems } = await operator.call('status.get', {});
      assert.ok(problems.some(({ what }) => what.id === 'server.low-space'));
      await operator.call('task.cancel', { task: huge.task.id, host: null });
      assert.ok((await freeBytes(directory)) >= 30 * MIB);
      const incoming = await readdir(join(directory, 'images/.incoming'));
      assert.deepEqual(incoming, [small.work.runId]);
      assert.equal(await send(server, huge.work, 'late', 1), '403 unauthorized');
      const others = await server.engine({ localAddress: '127.0.5.9' });
      await others.call('register', registerParams(7));
    } finally {
      await server.stop('SIGKILL');
    }
  });
});
