/** No call of the operators is without a test. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OPERATOR_METHODS } from '../../../lib/protocol/operator-api/table.ts';

const TESTS = join(import.meta.dirname, '..');

test('every call of the operators is made by a test of the server', () => {
  const texts = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(TESTS, name), 'utf8'));
  // A client makes it before any other.
  const opening = 'server.hello';
  const calls = Object.keys(OPERATOR_METHODS).filter((name) => name !== opening);
  const untested = calls.filter(
    (name) => !texts.some((text) => new RegExp(`(call\\(\\s*|\\[)'${name}'`).test(text)),
  );
  assert.deepEqual(untested, []);
});
