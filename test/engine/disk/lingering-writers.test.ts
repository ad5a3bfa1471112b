import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { LingeringWriters } from '../../../engine/disk/lingering-writers.ts';

test('work on a disk waits for all writers that were killed on it, however they end, and for those of no other disk', async () => {
  const writers = new LingeringWriters();
  const [one, two, other] = [
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<undefined>(),
  ];
  writers.add('/dev/sda', one.promise);
  writers.add('/dev/sda', two.promise);
  writers.add('/dev/sdb', other.promise);
  let isFree = false;
  const free = writers.waitUntilExited('/dev/sda').then(() => (isFree = true));
  one.resolve(undefined);
  await setImmediate();
  assert.equal(isFree, false);
  two.reject(new Error('ended by SIGKILL'));
  await free;
  // Nothing is left of them.
  await writers.waitUntilExited('/dev/sda');
  await writers.waitUntilExited('/dev/sdc');
});

test('waiting for a killed writer that never exits ends after the given time', async () => {
  const writers = new LingeringWriters();
  writers.add('/dev/sda', new Promise(() => undefined));
  await writers.waitUntilExited('/dev/sda', 20);
});
