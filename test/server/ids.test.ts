import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunToken } from '../../lib/model/ids.ts';
import { newHostId, newRunId, newRunToken } from '../../server/ids.ts';

test('new ids have the prefix of their kind and never come twice', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => newHostId()));
  assert.equal(ids.size, 1000);
  for (const id of ids) assert.match(id, /^host-[0-9a-z]{10}$/);
  assert.match(newRunId(), /^run-[0-9a-z]{10}$/);
});

test('run tokens are 256 bits that never come twice', () => {
  const tokens = new Set(Array.from({ length: 1000 }, () => newRunToken()));
  assert.equal(tokens.size, 1000);
  for (const token of tokens) assert.equal(RunToken.parse(token), token);
});
