import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ErrorReport } from '../../../lib/model/error-report.ts';
import type { RunId } from '../../../lib/model/ids.ts';
import type { WorkOperation } from '../../../lib/model/operation.ts';
import {
  decodeFrameHeader,
  FRAME_PREFIX_BYTES,
  frameHeaderBytes,
  type Frame,
} from '../../../lib/protocol/session-stream.ts';
import { SESSION_STREAM_VERSION, TOKEN_HEADER } from '../../../lib/protocol/version.ts';
import { newRunId } from '../../../server/ids.ts';
import { STREAMS } from '../image-store/sample-manifest.ts';
import { withServer, type RunningServer } from '../running-server.ts';
import { type Answer } from '../test-engine.ts';
import { operationEnded } from '../../support/run-events.ts';
import { captureTask, deployTask } from '../../support/task-requests.ts';

const P1 = 'p1.partclone.zst';

/** Registers hosts 1 to `count` and gives each a capture of its own. */
async function capturing(server: RunningServer, count: number): Promise<WorkOperation[]> {
  const operator = await server.operator();
  const works: WorkOperation[] = [];
  for (let index = 1; index <= count; index += 1) {
    const engine = await server.readyEngine(index);
    await operator.call(
      'task.create',
      captureTask({
        host: engine.hostId,
        disk: { type: 'only' },
        imageName: `image ${index}`,
        compression: 'zstd',
        afterwards: null,
      }),
    );
    works.push(await engine.nextWork());
  }
  return works;
}

function upload(
  server: RunningServer,
  runId: RunId,
  token: string | null,
  name = P1,
  content = Buffer.from('content'),
): Promise<Answer> {
  const headers = token === null ? {} : { [TOKEN_HEADER]: token };
  return server.data({ method: 'PUT', path: `/runs/${runId}/streams/${name}`, headers }, content);
}

function download(server: RunningServer, runId: RunId, token: string): Promise<Answer> {
  const headers = { [TOKEN_HEADER]: token };
  return server.data({ method: 'GET', path: `/runs/${runId}/session`, headers });
}

function codeOf({ body }: Answer): string {
  return ErrorReport.parse(JSON.parse(body.toString())).code;
}

/** The frames of a transmission and the bytes behind each. */
function framesIn(bytes: Buffer): { frame: Frame; content: Buffer }[] {
  const found: { frame: Frame; content: Buffer }[] = [];
  for (let at = 0; at < bytes.length;) {
    const headerAt = at + FRAME_PREFIX_BYTES;
    const contentAt = headerAt + frameHeaderBytes(bytes.subarray(at, headerAt));
    const frame = decodeFrameHeader(bytes.subarray(headerAt, contentAt));
    at = contentAt + (frame.type === 'stream' ? frame.sizeBytes : 0);
    found.push({ frame, content: bytes.subarray(contentAt, at) });
  }
  return found;
}

describe('an upload', () => {
  test('an upload is stored byte for byte and answered with its size and hash', async () => {
    await withServer(async (server) => {
      const [work] = await capturing(server, 1);
      assert.ok(work !== undefined);
      const content = randomBytes(5_000_003);
      const answer = await upload(server, work.runId, work.token, P1, content);
      assert.equal(answer.status, 200);
      assert.deepEqual(JSON.parse(answer.body.toString()), {
        sizeBytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      });
    });
  });

  test('an upload is refused without the token of its very run', async () => {
    await withServer(async (server) => {
      const [work, other] = await capturing(server, 2);
      assert.ok(work !== undefined && other !== undefined);
      const { runId, token } = work;
      for (const wrong of [null, '', 'x', '0'.repeat(64), other.token, `${token} `.repeat(2)]) {
        const answer = await upload(server, runId, wrong);
        assert.deepEqual([answer.status, codeOf(answer)], [403, 'unauthorized']);
      }
      const unknown = await upload(server, newRunId(), token);
      assert.deepEqual([unknown.status, codeOf(unknown)], [403, 'unauthorized']);
      const streams = join(server.directory, 'images/.incoming', runId, 'image');
      assert.deepEqual(await readdir(streams), []);
    });
  });

  test('an upload is refused when its run has ended', async () => {
    await withServer(async (server) => {
      const operator = await server.operator();
      const engine = await server.readyEngine(1);
      await operator.call(
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
      await engine.report(runId, 1, operationEnded('failed', { code: 'disk-busy' }));
      assert.equal((await upload(server, runId, token)).status, 403);
      assert.deepEqual(await readdir(join(server.directory, 'images/.incoming')), []);
    });
  });

  test('an upload is refused under a name that is none of a stream', async () => {
    await withServer(async (server) => {
      const [work] = await capturing(server, 1);
      assert.ok(work !== undefined);
      const { runId, token } = work;
      for (const name of ['manifest.json', '..', '%2e%2e%2fx', 'X', '-x']) {
        const answer = await upload(server, runId, token, name);
        assert.deepEqual([answer.status, codeOf(answer)], [400, 'bad-argument'], name);
      }
      const answer = await upload(server, runId, token, '../../../x');
      assert.equal(answer.status, 404);
    });
  });

  test('an upload that is refused while it is still being sent hears why, every time', async () => {
    await withServer(async (server) => {
      for (let time = 1; time <= 20; time += 1) {
        const request = httpsRequest({
          ...(await server.pinned()),
          host: '127.0.0.1',
          port: server.port,
          agent: false,
          method: 'PUT',
          path: `/runs/run-0000000001/streams/${P1}`,
          headers: { [TOKEN_HEADER]: 'wrong' },
        });
        const send = (): void => {
          while (!request.destroyed && request.write(Buffer.alloc(65_536)));
        };
        request.on('drain', send);
        send();
        const status = await new Promise((resolve, reject) => {
          request.once('response', ({ statusCode }) => resolve(statusCode));
          request.once('error', reject);
        });
        request.destroy();
        assert.equal(status, 403);
      }
    });
  });

  test('an upload that breaks off leaves nothing', async () => {
    await withServer(async (server) => {
      const [work] = await capturing(server, 1);
      assert.ok(work !== undefined);
      const { runId, token } = work;
      const request = httpsRequest({
        ...(await server.pinned()),
        host: '127.0.0.1',
        port: server.port,
        agent: false,
        method: 'PUT',
        path: `/runs/${runId}/streams/${P1}`,
        headers: { [TOKEN_HEADER]: token, 'content-length': 1_000_000 },
      });
      request.on('error', () => undefined);
      request.write(Buffer.alloc(300_000), () => request.destroy());
      await server.captured.line(({ event }) => event === 'data-refused');
      const incoming = join(server.directory, 'images/.incoming', runId);
      assert.deepEqual(await readdir(join(incoming, 'image')), []);
      assert.deepEqual(await readdir(join(incoming, 'receipts')), []);
      // It can be sent again.
      assert.equal((await upload(server, runId, token)).status, 200);
    });
  });
});

describe('a download', () => {
  test('a download is the whole transmission of the image, byte for byte, and says its length', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const operator = await server.operator();
      await operator.call(
        'task.create',
        deployTask({
          image: 'win11',
          targets: [engine.hostId],
          disk: { type: 'only' },
          transport: 'auto',
          gatherMs: 0,
          afterwards: null,
        }),
      );
      const work = await engine.nextWork();
      assert.ok(work.type === 'deploy');
      const answer = await download(server, work.runId, work.token);
      assert.equal(answer.status, 200);
      assert.equal(
        Reflect.get(Object(answer.headers), 'content-length'),
        String(answer.body.length),
      );

      const frames = framesIn(answer.body);
      const [first] = frames;
      assert.deepEqual(first?.frame, {
        type: 'session',
        protocolVersion: SESSION_STREAM_VERSION,
        transmissionId: work.runId,
        imageId: work.image.imageId,
        versionId: work.image.versionId,
        manifestSha256: work.image.manifestSha256,
        streamCount: Object.keys(STREAMS).length,
      });
      assert.deepEqual(frames.at(-1)?.frame, { type: 'end', transmissionId: work.runId });
      const streams = frames.slice(1, -1);
      assert.equal(streams.length, Object.keys(STREAMS).length);
      for (const [index, { frame, content }] of streams.entries()) {
        assert.ok(frame.type === 'stream');
        assert.equal(frame.index, index);
        assert.ok(STREAMS[frame.name]?.equals(content), frame.name);
        assert.equal(frame.sha256, createHash('sha256').update(content).digest('hex'));
      }
    });
  });

  test('a download is not for a run that captures', async () => {
    await withServer(async (server) => {
      const [work] = await capturing(server, 1);
      assert.ok(work !== undefined);
      const answer = await download(server, work.runId, work.token);
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'unauthorized']);
    });
  });
});

describe('the data channel', () => {
  test('the data channel has nothing else', async () => {
    await withServer(async (server) => {
      const [work] = await capturing(server, 1);
      assert.ok(work !== undefined);
      const { runId, token } = work;
      const headers = { [TOKEN_HEADER]: token };
      for (const [method, path] of [
        ['GET', '/'],
        ['GET', '/runs/'],
        ['GET', `/runs/${runId}`],
        ['GET', `/runs/${runId}/session/x`],
        ['GET', `/runs/${runId}/streams/${P1}`],
        ['POST', `/runs/${runId}/streams/${P1}`],
        ['PUT', `/runs/${runId}/streams`],
        ['PUT', `/runs/${runId}/streams/${P1}/x`],
        ['PUT', '/runs/../etc/streams/x'],
        ['DELETE', `/runs/${runId}/session`],
      ] as const) {
        const answer = await server.data({ method, path, headers });
        assert.deepEqual([answer.status, codeOf(answer)], [404, 'not-found'], `${method} ${path}`);
      }
    });
  });

  test('the data channel: speaks TLS 1.3 only', async () => {
    await withServer(async (server) => {
      await assert.rejects(server.data({ path: '/', maxVersion: 'TLSv1.2' }), /alert|version/);
    });
  });
});
