import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { LateWriters } from '../../../engine/disk/late-writers.ts';

test('Work on a disk waits for all that were killed on it, however they end, and for those of no other disk.', async () => {
  const writers = new LateWriters();
  const [one, two, other] = [
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<undefined>(),
  ];
  writers.add('/dev/sda', one.promise);
  writers.add('/dev/sda', two.promise);
  writers.add('/dev/sdb', other.promise);
  let isFree = false;
  const free = writers.untilGone('/dev/sda').then(() => (isFree = true));
  one.resolve(undefined);
  await setImmediate();
  assert.equal(isFree, false);
  two.reject(new Error('ended by SIGKILL'));
  await free;
  // Nothing is left of them.
  await writers.untilGone('/dev/sda');
  await writers.untilGone('/dev/sdc');
});

test('The patience with a disk that never lets go has an end.', async () => {
  const writers = new LateWriters();
  writers.add('/dev/sda', new Promise(() => undefined));
  await writers.untilGone('/dev/sda', 20);
});
