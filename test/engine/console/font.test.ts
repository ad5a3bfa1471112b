import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largeText } from '../../../engine/console/font.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%';

test('Every letter has seven rows of one width, and no two look alike.', () => {
  const drawn = Array.from(LETTERS, (letter) => largeText(letter, 80));
  for (const rows of drawn) {
    assert.deepEqual(
      rows.map((row) => row.length),
      Array(7).fill(10),
    );
  }
  assert.equal(new Set(drawn.map((rows) => rows.join('\n'))).size, LETTERS.length);
});

test('A word that is too long for double width is drawn in single width.', () => {
  assert.equal(largeText('READY', 76)[0]?.length, 58);
  assert.equal(largeText('HALF WRITTEN', 76)[0]?.length, 69);
});

test('A character that there is no letter for is a fault, not a gap.', () => {
  assert.throws(() => largeText('ä', 80), TypeError);
});
