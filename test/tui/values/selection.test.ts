/** The place in a list that changes. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { entryAt, TOP, moveSelection, resolveSelection } from '../../../tui/values/selection.ts';
import { key } from '../sample-keys.ts';

describe('place', () => {
  const listed = (rows: readonly string[]) => ({ list: 'l', rows, keyOf: (row: string) => row });

  test('place stays on its thing when others come before it, or go', () => {
    const down = { type: 'key', key: key('down') } as const;
    const place = moveSelection(TOP, down, listed(['a', 'b', 'c']), 10);
    assert.ok(place !== null);
    assert.equal(entryAt(place, listed(['a', 'b', 'c'])), 'b');
    assert.equal(entryAt(place, listed(['x', 'y', 'a', 'b', 'c'])), 'b');
    assert.equal(entryAt(place, listed(['b', 'c'])), 'b');
  });

  test('place is on the next thing when its own is gone', () => {
    const place = { index: 1, first: 0, key: 'b' };
    assert.equal(entryAt(place, listed(['a', 'c'])), 'c');
    assert.equal(entryAt(place, listed(['a'])), 'a');
    assert.equal(entryAt(place, listed([])), null);
    assert.equal(resolveSelection(place, listed(['a', 'c']), 5).key, null);
  });

  test('place follows clicks on its own list only', () => {
    const click = (list: string) =>
      ({ type: 'click', click: { type: 'row', list, index: 2 }, isDouble: false }) as const;
    assert.equal(moveSelection(TOP, click('l'), listed(['a', 'b', 'c']), 10)?.key, 'c');
    assert.equal(moveSelection(TOP, click('other'), listed(['a', 'b', 'c']), 10), null);
  });
});
