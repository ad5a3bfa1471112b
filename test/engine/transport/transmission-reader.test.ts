import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { ByteSource } from '../../../engine/transport/byte-source.ts';
import { TransmissionReader } from '../../../engine/transport/transmission-reader.ts';
import { startPipeline, type Pipeline } from '../../../lib/exec/pipeline.ts';
import { ImageId, VersionId } from '../../../lib/model/ids.ts';
import { Sha256 } from '../../../lib/model/names.ts';
import { afterTest, scratchDirectory } from '../scratch-disk.ts';
import {
  contentOf,
  endFrame,
  imageFor,
  readerOf,
  sessionFrame,
  streamFrame,
  transmissionOf,
  TRANSMISSION_ID,
  writeTo,
} from './transmission.ts';

const ONE = contentOf('p1.raw', randomBytes(300_000));
const OTHER = contentOf('p2.raw', randomBytes(5));
/** More than all the buffers of a pipeline hold. */
const BIG = contentOf('p1.raw', Buffer.alloc(4_000_000, 1));
const EMPTY = contentOf('gap-1.raw', Buffer.alloc(0));

function pipelineFor(t: TestContext, stages: Parameters<typeof startPipeline>[0]): Pipeline {
  const pipeline = startPipeline(stages, { input: 'stream', output: 'none' });
  afterTest(t, async () => {
    pipeline.kill('SIGKILL');
    await pipeline.finished.catch(() => undefined);
  });
  return pipeline;
}

function sink(t: TestContext): Pipeline {
  return pipelineFor(t, [{ tool: 'dd', args: ['of=/dev/null', 'status=none'] }]);
}

test('A transmission comes apart into its streams, whatever its pieces on the way.', async (t) => {
  const directory = await scratchDirectory(t);
  const contents = [ONE, OTHER, EMPTY];
  for (const pieceBytes of [7, 4096, 1_000_000]) {
    const reader = readerOf(transmissionOf(contents), pieceBytes);
    await reader.begin(imageFor(), contents.length);
    for (const [index, { stream, bytes }] of contents.entries()) {
      const path = `${directory}/${stream.name}`;
      const pipeline = writeTo(path);
      const heard: number[] = [];
      await reader.stream(stream, index, pipeline, (done) => heard.push(done));
      await pipeline.finished;
      assert.ok((await readFile(path)).equals(bytes));
      assert.equal(heard.at(-1) ?? 0, bytes.length);
    }
    await reader.end();
  }
});

describe('The announcement of a transmission is refused', () => {
  const cases: readonly (readonly [string, Buffer])[] = [
    [
      'when it is of another image',
      sessionFrame(1, { imageId: ImageId.parse('image-0000000009') }),
    ],
    [
      'when it is of another version',
      sessionFrame(1, { versionId: VersionId.parse('version-0000000009') }),
    ],
    [
      'when the manifest is another one',
      sessionFrame(1, { manifestSha256: Sha256.parse('d'.repeat(64)) }),
    ],
    ['when it has another number of streams', sessionFrame(2)],
    [
      'when it belongs to another transmission',
      sessionFrame(1, { transmissionId: 'session-0000000002' }),
    ],
    ['when a stream comes in its place', streamFrame(0, ONE)],
    ['when something else is sent to our address', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ];
  for (const [what, bytes] of cases) {
    test(`The announcement of a transmission is refused: ${what}`, async () => {
      await assert.rejects(readerOf(bytes).begin(imageFor(), 1), { code: 'stream-wrong' });
    });
  }

  test('The announcement of a transmission is refused when nothing comes at all, as a broken stream', async () => {
    await assert.rejects(readerOf(Buffer.alloc(0)).begin(imageFor(), 1), { code: 'stream-broken' });
  });
});

describe('A stream is refused before a byte of it is written', () => {
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['when another one comes in its place', streamFrame(0, OTHER), /p1\.raw: another stream/],
    ['when it comes out of order', streamFrame(1, ONE), /p1\.raw: another stream/],
    ['when its size is another', streamFrame(0, ONE, { sizeBytes: 1 }), /another stream/],
    [
      'when its hash is another',
      streamFrame(0, ONE, { sha256: OTHER.stream.sha256 }),
      /another stream/,
    ],
    [
      'when it belongs to another transmission',
      streamFrame(0, ONE, { transmissionId: 'run-0000000001' }),
      /run-0000000001/,
    ],
    ['when the end comes in its place', endFrame(), /another stream/],
  ];
  for (const [what, frame, message] of cases) {
    test(`A stream is refused before a byte of it is written: ${what}`, async (t) => {
      const directory = await scratchDirectory(t);
      const pipeline = writeTo(`${directory}/target`);
      const reader = readerOf(Buffer.concat([frame, ONE.bytes]));
      await assert.rejects(
        reader.stream(ONE.stream, 0, pipeline, () => assert.fail('bytes came')),
        { code: 'stream-wrong', message },
      );
      pipeline.input?.end();
      await pipeline.finished;
      assert.equal((await readFile(`${directory}/target`)).length, 0);
    });
  }
});

test('One flipped bit on the way is a hash-mismatch that names the stream, and the pipeline is not ended well.', async (t) => {
  const bytes = Buffer.from(ONE.bytes);
  bytes.writeUInt8(bytes.readUInt8(123_456) ^ 1, 123_456);
  const pipeline = sink(t);
  const reader = readerOf(Buffer.concat([streamFrame(0, ONE), bytes]));
  await assert.rejects(
    reader.stream(ONE.stream, 0, pipeline, () => undefined),
    {
      code: 'hash-mismatch',
      message: 'checking the stream p1.raw: its SHA-256 is not the one in the manifest',
    },
  );
  assert.equal(pipeline.input?.writableEnded, false);
});

test('A transmission that ends in a stream is broken, and says how much is missing.', async (t) => {
  const reader = readerOf(Buffer.concat([streamFrame(0, ONE), ONE.bytes.subarray(0, 299_990)]));
  await assert.rejects(
    reader.stream(ONE.stream, 0, sink(t), () => undefined),
    {
      code: 'stream-broken',
      message: /10 bytes too early/,
    },
  );
});

test('Bytes behind the end, and something else than the end, are wrong.', async () => {
  await assert.rejects(readerOf(Buffer.concat([endFrame(), Buffer.from('x')])).end(), {
    code: 'stream-wrong',
    message: /bytes follow it/,
  });
  await assert.rejects(readerOf(streamFrame(0, ONE)).end(), { code: 'stream-wrong' });
  await assert.rejects(readerOf(endFrame('run-0000000001')).end(), { code: 'stream-wrong' });
  await assert.rejects(readerOf(endFrame().subarray(0, 20)).end(), { code: 'stream-broken' });
});

describe('A pipeline that fails in the middle', () => {
  test('A pipeline that fails in the middle is what the reading fails with, while data still comes', async (t) => {
    const pipeline = pipelineFor(t, [
      { tool: 'cat', args: [] },
      { tool: 'false', args: [] },
    ]);
    const reader = readerOf(Buffer.concat([streamFrame(0, BIG), BIG.bytes]));
    await assert.rejects(
      reader.stream(BIG.stream, 0, pipeline, () => undefined),
      {
        code: 'tool-failed',
        message: /running false/,
      },
    );
  });

  test('A pipeline that fails in the middle is what the reading fails with, while it waits for room in the pipeline', async (t) => {
    // Takes nothing and fails when it is told to.
    const pipeline = pipelineFor(t, [{ tool: 'sleep', args: ['600'] }]);
    const reader = readerOf(Buffer.concat([streamFrame(0, BIG), BIG.bytes]), 65_536);
    let stuck = 0;
    const reading = reader.stream(BIG.stream, 0, pipeline, (done) => (stuck = done));
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(stuck < BIG.bytes.length);
    pipeline.kill('SIGKILL');
    await assert.rejects(reading, { code: 'tool-failed', message: /ended by SIGKILL/ });
  });

  test('A pipeline that fails in the middle is what the reading fails with, while nothing comes from the network', async (t) => {
    const pipeline = pipelineFor(t, [{ tool: 'sleep', args: ['600'] }]);
    const network = new PassThrough();
    const reader = new TransmissionReader(new ByteSource(network), TRANSMISSION_ID);
    network.write(streamFrame(0, ONE));
    const reading = reader.stream(ONE.stream, 0, pipeline, () => undefined);
    pipeline.kill('SIGKILL');
    await assert.rejects(pipeline.finished);
    network.write(ONE.bytes.subarray(0, 100));
    await assert.rejects(reading, { code: 'tool-failed' });
    network.destroy();
  });
});
