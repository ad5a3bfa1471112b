import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietJson } from '../../lib/format.ts';

test('JSON for terminals has nothing in it that one acts on, and says the same', () => {
  const value = { text: 'ä \u009b31m \u007f \u202e \u2066 \u2028\u2029 \u061c \u200f \u001b ☃ 😀' };
  const quiet = quietJson(JSON.stringify(value));
  assert.deepEqual(JSON.parse(quiet), value);
  assert.doesNotMatch(
    quiet,
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\u061c\u200e\u200f]/,
  );
  assert.ok(quiet.includes('ä') && quiet.includes('☃ 😀'));
});
