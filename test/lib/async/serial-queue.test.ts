import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SerialQueue } from '../../../lib/async/serial-queue.ts';

test('work in a serial queue begins when the work before it is done, also when that failed', async () => {
  const queue = new SerialQueue();
  const done: string[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const first = queue.run(async () => {
    await promise;
    done.push('first');
    throw new Error('broken');
  });
  const second = queue.run(() => Promise.resolve(done.push('second')));
  resolve(undefined);
  await assert.rejects(first, /broken/);
  assert.equal(await second, 2);
  assert.deepEqual(done, ['first', 'second']);
});

test('a serial queue refuses more than may wait, and takes work again when there is room', async () => {
  const queue = new SerialQueue({ maxWaiting: 2, refusal: () => new Error('too many') });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const waiting = [queue.run(() => promise), queue.run(() => promise)];
  await assert.rejects(
    queue.run(() => promise),
    /too many/,
  );
  resolve(undefined);
  await Promise.all(waiting);
  assert.equal(await queue.run(() => Promise.resolve(1)), 1);
});
