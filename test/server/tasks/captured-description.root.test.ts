/** What an engine says of the whole image: over the data channel, and in engines of version 0.2 with its report. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { ErrorReport } from '../../../lib/model/error-report.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import type { CapturedDisk } from '../../../lib/model/image.ts';
import type { Run } from '../../../lib/model/task.ts';
import type { WorkOperation } from '../../../lib/model/operation.ts';
import { DESCRIPTION_LIMITS, ENGINE_LIMITS } from '../../../lib/protocol/message-limits.ts';
import { ENGINE_PROTOCOL_VERSION, TOKEN_HEADER } from '../../../lib/protocol/version.ts';
import { STREAMS, sendStreams } from '../image-store/sample-manifest.ts';
import { withServer, type RunningServer } from '../running-server.ts';
import { type Answer, type TestEngine } from '../test-engine.ts';
import { capturedDisk, operationEnded } from '../../support/run-events.ts';
import { withRoom } from '../sample-room.ts';
import { captureTask } from '../../support/task-requests.ts';

type Capturing = { readonly engine: TestEngine & { hostId: HostId }; readonly work: WorkOperation };

async function capturing(server: RunningServer, protocolVersion: number): Promise<Capturing> {
  const engine = await server.readyEngine(1);
  engine.protocolVersion = protocolVersion;
  await engine.logon(engine.hostId);
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
  const work = await engine.nextWork();
  engine.activeRunId = work.runId;
  return { engine, work };
}

async function put(
  server: RunningServer,
  { runId, token }: { readonly runId: string; readonly token: string },
  path: string,
  content: Buffer,
): Promise<Answer> {
  const headers = { [TOKEN_HEADER]: token };
  return server.data({ method: 'PUT', path: `/runs/${runId}/${path}`, headers }, content);
}

function codeOf({ body }: Answer): string {
  return ErrorReport.parse(JSON.parse(body.toString())).code;
}

/** With so many table areas that it is longer than any message may be. */
function longImage(): CapturedDisk {
  const dataBase64 = Buffer.alloc(18 * 1024, 7).toString('base64');
  const area = { kind: 'ebr', startSector: 0, sectorCount: 36, dataBase64 } as const;
  return { ...capturedDisk(), tableAreas: Array.from({ length: 100 }, () => area) };
}

describe('the description of an image', () => {
  test('the description of an image comes over the data channel, longer than any message, and makes the image', async () => {
    await withServer(async (server) => {
      const { engine, work } = await capturing(server, ENGINE_PROTOCOL_VERSION);
      for (const [name, content] of Object.entries(STREAMS)) {
        assert.equal((await put(server, work, `streams/${name}`, content)).status, 200);
      }
      const description = Buffer.from(JSON.stringify(longImage()));
      assert.ok(description.length > 2 * ENGINE_LIMITS.maxBytes);
      const answer = await put(server, work, 'description', description);
      assert.deepEqual(JSON.parse(answer.body.toString()), {
        sizeBytes: description.length,
        sha256: createHash('sha256').update(description).digest('hex'),
      });
      await engine.report(work.runId, 1, { type: 'captured' });
      const { call } = await server.operator();
      const { manifest } = await call('image.show', { image: 'win11' });
      assert.deepEqual(manifest.tableAreas, longImage().tableAreas);
      assert.deepEqual(await readdir(join(server.directory, 'images/.incoming')), []);
    });
  });

  test('the description of an image is refused without the token, when it is too long, and when it makes no sense', async () => {
    await withServer(async (server) => {
      const { engine, work } = await capturing(server, ENGINE_PROTOCOL_VERSION);
      const description = Buffer.from(JSON.stringify(capturedDisk()));
      const stranger = { ...work, token: '0'.repeat(64) };
      assert.equal((await put(server, stranger, 'description', description)).status, 403);
      const tooLong = Buffer.alloc(DESCRIPTION_LIMITS.maxBytes + 1, ' ');
      assert.equal(codeOf(await put(server, work, 'description', tooLong)), 'capture-too-large');
      const incoming = join(server.directory, 'images/.incoming', work.runId);
      assert.deepEqual((await readdir(incoming)).toSorted(), ['image', 'receipts']);
      const captured = { type: 'captured' } as const;
      await assert.rejects(engine.report(work.runId, 1, captured), { code: 'stream-wrong' });
      const values = `[${'0,'.repeat(DESCRIPTION_LIMITS.maxValues)}0]`;
      for (const [text, code] of [
        ['{', 'stream-wrong'],
        ['['.repeat(1000), 'stream-wrong'],
        [values, 'stream-wrong'],
        ['[]', 'bad-message'],
        [JSON.stringify({ ...capturedDisk(), gaps: 'none' }), 'bad-message'],
      ] as const) {
        assert.equal((await put(server, work, 'description', Buffer.from(text))).status, 200);
        await assert.rejects(engine.report(work.runId, 1, captured), { code });
      }
      // Nothing of that ends the capture: the right one is taken.
      await engine.capture(work.runId, work.token);
      const { call } = await server.operator();
      assert.equal((await call('image.list', {})).length, 1);
    });
  });

  test('the description of an image is what the stored manifest says when the store could not be written at first', async (t) => {
    await withRoom({}, async (room) => {
      await room.capture(1, 'win11');
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await sendStreams(room.images, runId);
      const description = Buffer.from(JSON.stringify(capturedDisk()));
      await room.images.receiveDescription(
        runId,
        Readable.from([description], { objectMode: false }),
      );
      const full = (): Promise<never> => Promise.reject(fullStore());
      t.mock.method(room.store, 'change', full, { times: 1 });
      await assert.rejects(engine.reportAt(runId, 1, { type: 'captured' }), {
        code: 'store-write-failed',
      });
      assert.equal(existsSync(join(room.directory, 'images/.incoming', runId)), false);
      await engine.report(runId, { type: 'captured' }, operationEnded());
      assert.deepEqual(
        room.store.read().images.map(({ name, versions }) => [name, versions.length]),
        [['win11', 1]],
      );
    });
  });
});

describe('an engine of version 0.2', () => {
  test('an engine of version 0.2 says the description with its report', async () => {
    await withServer(async (server) => {
      const { engine, work } = await capturing(server, 2);
      for (const [name, content] of Object.entries(STREAMS)) {
        await put(server, work, `streams/${name}`, content);
      }
      await engine.report(work.runId, 1, { type: 'captured', image: capturedDisk() });
      const { call } = await server.operator();
      assert.equal((await call('image.list', {}))[0]?.name, 'win11');
    });
  });

  test('an engine of version 0.2 whose description is longer than a message may be fails by name, and does not try for ever', async () => {
    await withServer(async (server) => {
      const { engine, work } = await capturing(server, 2);
      await assert.rejects(engine.report(work.runId, 1, { type: 'captured', image: longImage() }), {
        code: 'connection-lost',
      });
      await engine.peer.closed;
      const { call } = await server.operator();
      const runNow = async (): Promise<Run | undefined> =>
        (await call('task.list', { limit: 1 }))[0]?.runs[0];
      let run = await runNow();
      while (run?.state === 'running') run = await runNow();
      assert.deepEqual([run?.state, run?.error?.code], ['failed', 'protocol-mismatch']);
      assert.match(run?.error?.hint ?? '', /Restart the host/);
      const again = await server.engine(1);
      ({ secret: again.secret, instanceId: again.instanceId } = engine);
      again.activeRunId = work.runId;
      again.protocolVersion = 2;
      assert.equal(await again.logon(engine.hostId), false);
    });
  });
});

function fullStore(): OperatorError {
  return new OperatorError({
    code: 'store-write-failed',
    message: 'writing the store',
    hint: 'Make room.',
  });
}
