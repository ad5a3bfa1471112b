import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteSource } from '../../../engine/transport/byte-source.ts';

test('Whatever the pieces of a stream are, exact amounts of it are given.', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 })),
      fc.array(fc.nat({ max: 30 })),
      async (pieces, amounts) => {
        const chunks = pieces.map((piece) => Buffer.from(piece));
        const whole = Buffer.concat(chunks);
        const source = new ByteSource(Readable.from(chunks, { objectMode: false }));
        let at = 0;
        for (const amount of amounts) {
          if (at + amount > whole.length) {
            await assert.rejects(source.exactly(amount), {
              code: 'stream-broken',
              message: new RegExp(` ${at + amount - whole.length} bytes too early`),
            });
            return;
          }
          assert.deepEqual(await source.exactly(amount), whole.subarray(at, at + amount));
          at += amount;
        }
        const rest: Buffer[] = [];
        for (let part = await source.next(7); part !== null; part = await source.next(7)) {
          assert.ok(part.length > 0 && part.length <= 7);
          rest.push(part);
        }
        assert.deepEqual(Buffer.concat(rest), whole.subarray(at));
        assert.equal(await source.next(1), null);
      },
    ),
  );
});

test('A connection that fails in the middle is a broken stream, with what failed as the cause.', async () => {
  const stream = new PassThrough();
  const source = new ByteSource(stream);
  stream.write('abc');
  assert.equal((await source.next(10))?.toString(), 'abc');
  stream.destroy(new Error('read ECONNRESET'));
  await assert.rejects(source.next(10), (error: unknown) => {
    assert.ok(error instanceof Error && error.cause instanceof Error);
    assert.equal(error.cause.message, 'read ECONNRESET');
    assert.equal('code' in error && error.code, 'stream-broken');
    return true;
  });
});
