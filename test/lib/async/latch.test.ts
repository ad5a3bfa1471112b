import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latch } from '../../../lib/async/latch.ts';

test('a latch that is set lets one wait pass, and the next one waits until it is set again', async () => {
  const latch = new Latch(true);
  await latch.wait();
  let isPast = false;
  const waiting = latch.wait().then(() => (isPast = true));
  await Promise.resolve();
  assert.equal(isPast, false);
  latch.set();
  await waiting;
  assert.equal(isPast, true);
});

test('a latch that is set several times before anybody waits is set once', async () => {
  const latch = new Latch(false);
  latch.set();
  latch.set();
  await latch.wait();
  const again = await Promise.race([latch.wait().then(() => 'past'), Promise.resolve('waits')]);
  assert.equal(again, 'waits');
});
