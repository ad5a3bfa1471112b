import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newHostId, newRunId } from '../../server/ids.ts';

test('new ids have the prefix of their kind and never come twice', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => newHostId()));
  assert.equal(ids.size, 1000);
  for (const id of ids) assert.match(id, /^host-[0-9a-z]{10}$/);
  assert.match(newRunId(), /^run-[0-9a-z]{10}$/);
});
