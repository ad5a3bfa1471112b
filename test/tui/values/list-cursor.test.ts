/** The cursor of a list. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { keepVisible, moveCursor } from '../../../tui/values/list-cursor.ts';
import { key } from '../sample-keys.ts';

describe('list cursor', () => {
  const anyKey = fc.constantFrom(
    'up',
    'down',
    'pageup',
    'pagedown',
    'home',
    'end',
    'j',
    'k',
    'g',
    'G',
  );

  test('list cursor stays in the list and in the visible part, whatever is pressed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(anyKey, { maxLength: 40 }),
        (length, rows, keys) => {
          let cursor = { index: 0, first: 0 };
          for (const name of keys) {
            cursor = moveCursor(cursor, key(name), length, rows) ?? cursor;
            assert.ok(cursor.index >= 0 && cursor.index < length);
            assert.ok(cursor.first <= cursor.index && cursor.index < cursor.first + rows);
            assert.ok(cursor.first <= Math.max(0, length - rows), 'no empty rows below');
          }
        },
      ),
    );
  });

  test('an empty list has a cursor too', () => {
    assert.deepEqual(keepVisible({ index: 5, first: 3 }, 0, 10), { index: 0, first: 0 });
  });

  test('list cursor: other keys are not its own', () => {
    assert.equal(moveCursor({ index: 0, first: 0 }, key('d'), 5, 5), null);
  });
});
