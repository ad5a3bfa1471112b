import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdLock } from '../../../lib/exec/flock.ts';

test('A lock is waited for when that is asked for, and had as soon as it is free.', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-lock-'));
  t.after(() => rm(directory, { recursive: true }));
  const release = await holdLock(directory);
  assert.ok(release !== null);
  assert.equal(await holdLock(directory), null);
  const order: string[] = [];
  const waiting = holdLock(directory, 60).then((got) => {
    order.push('had');
    return got;
  });
  assert.equal(await holdLock(directory), null);
  order.push('free');
  await release();
  const second = await waiting;
  assert.ok(second !== null);
  assert.deepEqual(order, ['free', 'had']);
  await second();
});

test('A lock that is not free in time is somebody else’s.', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-lock-'));
  t.after(() => rm(directory, { recursive: true }));
  const release = await holdLock(directory);
  assert.ok(release !== null);
  assert.equal(await holdLock(directory, 1), null);
  await release();
});
