import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import type { ServerLink } from '../../../engine/server-link.ts';
import { uploadStream } from '../../../engine/transport/upload.ts';
import { OperatorError, toReport } from '../../../lib/errors.ts';
import { startPipeline, type Pipeline, type Stage } from '../../../lib/exec/pipeline.ts';
import { RunId, RunToken } from '../../../lib/model/ids.ts';
import { TOKEN_HEADER } from '../../../lib/protocol/version.ts';
import { makeCertificate, startEngineServer, startLink } from '../engine-server.ts';
import { afterTest, scratchDirectory } from '../scratch-disk.ts';
import { until } from '../../support/wait.ts';

const TARGET = {
  runId: RunId.parse('run-0000000001'),
  token: RunToken.parse('a'.repeat(64)),
  name: 'p1.raw',
};

type OnRequest = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function linkTo(t: TestContext, onRequest: OnRequest): Promise<ServerLink> {
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, {
    certificate,
    // What a request fails with is seen at the engine's end.
    onRequest: (request, response) => void onRequest(request, response).catch(() => undefined),
  });
  return startLink(t, { port: server.port, certificate });
}

function reading(t: TestContext, ...stages: Stage[]): Pipeline {
  const pipeline = startPipeline(stages, { input: 'none', output: 'stream' });
  afterTest(t, async () => {
    pipeline.kill('SIGKILL');
    await pipeline.finished.catch(() => undefined);
  });
  return pipeline;
}

/** A pipeline that gives `bytes`. */
async function giving(t: TestContext, bytes: Buffer): Promise<Pipeline> {
  const path = `${await scratchDirectory(t)}/content`;
  await writeFile(path, bytes);
  return reading(t, { tool: 'cat', args: [path] });
}

/** A pipeline that never ends by itself. */
function endless(t: TestContext): Pipeline {
  return reading(t, { tool: 'cat', args: ['/dev/zero'] });
}

function receiptOf(bytes: Buffer): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return JSON.stringify({ sizeBytes: bytes.length, sha256 });
}

const FULL = new OperatorError({
  code: 'image-store-full',
  message: 'receiving the stream p1.raw',
  hint: 'Make room.',
  cause: new Error('ENOSPC'),
});

/** As the server does it: the rest of the upload is thrown away until the engine has heard. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(507, { 'content-type': 'application/json' });
  response.end(JSON.stringify(toReport(FULL)));
  request.resume();
}

test('A stream arrives whole, with the token of its run, and the receipt is its size and hash.', async (t) => {
  const bytes = randomBytes(3_000_001);
  const seen: unknown[] = [];
  let arrived = Buffer.alloc(0);
  const link = await linkTo(t, async (request, response) => {
    seen.push(request.method, request.url, request.headers[TOKEN_HEADER]);
    arrived = await buffer(request);
    response.end(receiptOf(arrived));
  });
  let sentBytes = 0;
  const receipt = await uploadStream(link, TARGET, await giving(t, bytes), (sent) => {
    assert.ok(sent > sentBytes);
    sentBytes = sent;
  });
  assert.ok(arrived.equals(bytes));
  assert.deepEqual(seen, ['PUT', '/runs/run-0000000001/streams/p1.raw', TARGET.token]);
  assert.equal(sentBytes, bytes.length);
  assert.equal(JSON.stringify(receipt), receiptOf(bytes));
});

test('An empty stream is a stream.', async (t) => {
  const link = await linkTo(t, async (request, response) => {
    response.end(receiptOf(await buffer(request)));
  });
  const pipeline = await giving(t, Buffer.alloc(0));
  const receipt = await uploadStream(link, TARGET, pipeline, () => undefined);
  assert.equal(receipt.sizeBytes, 0);
});

test('A server that receives other bytes is a hash-mismatch.', async (t) => {
  const bytes = randomBytes(1000);
  for (const answer of [receiptOf(randomBytes(1000)), receiptOf(bytes.subarray(1))]) {
    const link = await linkTo(t, async (request, response) => {
      await buffer(request);
      response.end(answer);
    });
    await assert.rejects(
      uploadStream(link, TARGET, await giving(t, bytes), () => undefined),
      { code: 'hash-mismatch', message: /the stream p1\.raw/ },
    );
  }
});

test('The error that the server answers with after everything is what the sending fails with.', async (t) => {
  const link = await linkTo(t, async (request, response) => {
    await buffer(request);
    refuse(request, response);
  });
  const pipeline = await giving(t, randomBytes(1000));
  await assert.rejects(
    uploadStream(link, TARGET, pipeline, () => undefined),
    (error: unknown) => {
      assert.ok(error instanceof OperatorError);
      assert.deepEqual(
        [error.code, error.message, error.hint],
        ['image-store-full', FULL.message, FULL.hint],
      );
      assert.ok(error.cause instanceof Error && error.cause.message === 'ENOSPC');
      return true;
    },
  );
});

test('A server that refuses in the middle is heard, every time, though the engine still sends.', async (t) => {
  const link = await linkTo(t, async (request, response) => {
    let got = 0;
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (Buffer.isBuffer(chunk)) got += chunk.length;
      if (got > 1_000_000) break;
    }
    refuse(request, response);
  });
  for (let time = 1; time <= 20; time += 1) {
    const pipeline = endless(t);
    await assert.rejects(
      uploadStream(link, TARGET, pipeline, () => undefined),
      { code: 'image-store-full' },
    );
    await assert.rejects(pipeline.finished);
  }
});

test('A server that goes away in the middle is stream-broken, and the reading ends.', async (t) => {
  const link = await linkTo(t, async (request) => {
    for await (const chunk of request) {
      assert.ok(Buffer.isBuffer(chunk));
      request.socket.destroy();
    }
  });
  const pipeline = endless(t);
  await assert.rejects(
    uploadStream(link, TARGET, pipeline, () => undefined),
    {
      code: 'stream-broken',
      message: 'sending the stream p1.raw to the server',
    },
  );
  await assert.rejects(pipeline.finished);
});

test('An answer that is none of ours says that the versions may differ.', async (t) => {
  const link = await linkTo(t, async (request, response) => {
    await buffer(request);
    response.writeHead(418).end('a teapot');
  });
  const pipeline = await giving(t, randomBytes(10));
  await assert.rejects(
    uploadStream(link, TARGET, pipeline, () => undefined),
    {
      code: 'protocol-mismatch',
      message: /status 418/,
    },
  );
});

test('A reading that fails is what the sending fails with, and the server never sees the end of the stream.', async (t) => {
  const seen: boolean[] = [];
  const link = await linkTo(t, async (request) => {
    request.once('close', () => seen.push(request.complete));
    await buffer(request);
  });
  const pipeline = reading(
    t,
    { tool: 'sh', args: ['-c', 'head -c 3000000 /dev/urandom; exit 5'] },
    { tool: 'zstd', args: ['-q', '-c'] },
  );
  await assert.rejects(
    uploadStream(link, TARGET, pipeline, () => undefined),
    {
      code: 'tool-failed',
      message: /exit status 5/,
    },
  );
  await until('the server saw the request end', () => seen.length === 1);
  assert.deepEqual(seen, [false]);
});

test('A run that is stopped kills the reading, and the server never sees the end of the stream.', async (t) => {
  const seen: boolean[] = [];
  const link = await linkTo(t, async (request) => {
    request.once('close', () => seen.push(request.complete));
    for await (const chunk of request) assert.ok(Buffer.isBuffer(chunk));
  });
  const pipeline = endless(t);
  const sending = uploadStream(link, TARGET, pipeline, (sent) => {
    if (sent > 500_000) pipeline.kill('SIGKILL');
  });
  await assert.rejects(sending, { code: 'tool-failed', message: /SIGKILL/ });
  await until('the server saw the request end', () => seen.length === 1);
  assert.deepEqual(seen, [false]);
});

test('A server that reads slowly sets the pace: the engine does not collect what it cannot send.', async (t) => {
  let resume = (): void => undefined;
  const link = await linkTo(t, async (request, response) => {
    request.pause();
    await new Promise<void>((resolve) => (resume = resolve));
    response.end(receiptOf(await buffer(request)));
  });
  const totalBytes = 200_000_000;
  const pipeline = reading(t, {
    tool: 'head',
    args: ['-c', String(totalBytes), '/dev/zero'],
  });
  let sentBytes = 0;
  const sending = uploadStream(link, TARGET, pipeline, (sent) => (sentBytes = sent));
  // Stuck when nothing more was sent through a hundred turns of the event loop with some time in each.
  let still = 0;
  let last = -1;
  await until('sending stands still', () => {
    still = sentBytes === last && sentBytes > 0 ? still + 1 : 0;
    last = sentBytes;
    return still > 20;
  });
  assert.ok(sentBytes < 30_000_000, `${sentBytes} bytes were taken from the disk`);
  resume();
  assert.equal((await sending).sizeBytes, totalBytes);
});
