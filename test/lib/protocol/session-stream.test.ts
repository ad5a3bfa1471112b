import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { OperatorError } from '../../../lib/errors.ts';
import {
  decodeFrameHeader,
  encodeFrame,
  Frame,
  FRAME_PREFIX_BYTES,
  frameHeaderBytes,
} from '../../../lib/protocol/session-stream.ts';
import { SESSION_STREAM_VERSION } from '../../../lib/protocol/version.ts';

const SHA256 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const TRANSMISSION_ID = fc.string({ minLength: 1, maxLength: 64, unit: 'binary' });

const FRAMES: fc.Arbitrary<Frame> = fc
  .oneof(
    fc.record({
      type: fc.constant('session'),
      protocolVersion: fc.constant(SESSION_STREAM_VERSION),
      transmissionId: TRANSMISSION_ID,
      imageId: fc.stringMatching(/^image-[0-9a-z]{10}$/),
      versionId: fc.stringMatching(/^version-[0-9a-z]{10}$/),
      manifestSha256: SHA256,
      streamCount: fc.maxSafeNat(),
    }),
    fc.record({
      type: fc.constant('stream'),
      transmissionId: TRANSMISSION_ID,
      index: fc.maxSafeNat(),
      name: fc.string({ maxLength: 64 }),
      sizeBytes: fc.maxSafeNat(),
      sha256: SHA256,
    }),
    fc.record({ type: fc.constant('end'), transmissionId: TRANSMISSION_ID }),
  )
  .filter((frame) => Frame.safeParse(frame).success)
  .map((frame) => Frame.parse(frame));

const END = Frame.parse({ type: 'end', transmissionId: 'session-0000000001' });

/** Reads one frame from the front of `bytes`, the way a receiver does. */
function read(bytes: Buffer): { frame: Frame; rest: Buffer } {
  const length = frameHeaderBytes(bytes.subarray(0, FRAME_PREFIX_BYTES));
  const end = FRAME_PREFIX_BYTES + length;
  return {
    frame: decodeFrameHeader(bytes.subarray(FRAME_PREFIX_BYTES, end)),
    rest: bytes.subarray(end),
  };
}

function isWrongStream(error: unknown): boolean {
  return error instanceof OperatorError && error.code === 'stream-wrong';
}

describe('a frame', () => {
  test('a frame is the magic, the length of the header in big-endian, and the header as JSON', () => {
    const bytes = encodeFrame(END);
    assert.equal(bytes.subarray(0, 8).toString('latin1'), 'OCFRAME1');
    assert.equal(bytes.readUInt32BE(8), bytes.length - 12);
    assert.deepEqual(JSON.parse(bytes.subarray(12).toString()), END);
  });

  test('a frame reads as what was written, and the next one begins right behind', () => {
    fc.assert(
      fc.property(FRAMES, FRAMES, (one, other) => {
        const { frame, rest } = read(Buffer.concat([encodeFrame(one), encodeFrame(other)]));
        assert.deepEqual(frame, one);
        assert.deepEqual(read(rest), { frame: other, rest: Buffer.alloc(0) });
      }),
    );
  });

  test('a frame that is cut off anywhere is refused', () => {
    const bytes = encodeFrame(END);
    for (let length = 0; length < bytes.length; length += 1) {
      assert.throws(() => read(bytes.subarray(0, length)), isWrongStream, `${length} bytes`);
    }
  });

  test('a frame that has one byte wrong in its magic or far too great a length is refused', () => {
    for (let at = 0; at < 10; at += 1) {
      const bytes = encodeFrame(END);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x80, at);
      assert.throws(() => read(bytes), isWrongStream, `byte ${at}`);
    }
  });

  test('a frame is never made of other bytes, and nothing but the right error comes of them', () => {
    const prefix = fc.constantFrom('', 'OCFRAME1', 'OCFRAME2', 'OCFRAME1\0\0\0\u0002{}');
    fc.assert(
      fc.property(prefix, fc.uint8Array({ maxLength: 200 }), (text, garbage) => {
        const bytes = Buffer.concat([Buffer.from(text, 'latin1'), garbage]);
        assert.throws(() => read(bytes), isWrongStream);
      }),
      { numRuns: 1000 },
    );
  });

  test('a frame is never made of other JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const header = Buffer.from(JSON.stringify(value));
        assert.throws(() => decodeFrameHeader(header), isWrongStream);
      }),
    );
  });

  test('a frame of another version of the protocol is refused', () => {
    const session = {
      type: 'session',
      protocolVersion: SESSION_STREAM_VERSION + 1,
      transmissionId: 'session-0000000001',
      imageId: 'image-0000000001',
      versionId: 'version-0000000001',
      manifestSha256: '0'.repeat(64),
      streamCount: 3,
    };
    const header = Buffer.from(JSON.stringify(session));
    assert.throws(() => decodeFrameHeader(header), isWrongStream);
    const ours = { ...session, protocolVersion: SESSION_STREAM_VERSION };
    const known = Buffer.from(JSON.stringify(ours));
    assert.equal(decodeFrameHeader(known).type, 'session');
  });

  test('a frame never has a header larger than 64 kB, so that garbage cannot ask for memory', () => {
    const prefix = Buffer.from('OCFRAME1\0\u0001\0\0', 'latin1');
    assert.equal(frameHeaderBytes(prefix), 65_536);
    prefix.writeUInt32BE(65_537, 8);
    assert.throws(() => frameHeaderBytes(prefix), isWrongStream);
    prefix.writeUInt32BE(0, 8);
    assert.throws(() => frameHeaderBytes(prefix), isWrongStream);
  });
});
