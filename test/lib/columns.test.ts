import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import stringWidth from 'string-width';
import { cut, padEnd, padStart, widthOf } from '../../lib/columns.ts';

describe('the width of a text', () => {
  test('the width of a text is what string-width says, for every character that is not asked about', () => {
    for (const [first, last] of [
      [0x20, 0x17f],
      [0x2000, 0x25ff],
    ] as const) {
      for (let code = first; code <= last; code += 1) {
        const text = `a${String.fromCodePoint(code)}b`;
        assert.equal(widthOf(text), stringWidth(text), code.toString(16));
      }
    }
  });

  for (const [text, width] of [
    ['Grüße', 5],
    ['Gru\u0308ße', 5],
    ['日本', 4],
    ['👩‍💻', 2],
    ['┌─ ● ✓ █ ┐', 10],
    ['', 0],
  ] as const) {
    test(`the width of a text of "${text}" is ${width}, also when it is asked for again`, () => {
      assert.deepEqual([widthOf(text), widthOf(text)], [width, width]);
    });
  }

  test('the width of a text stays right when more texts come than are remembered', () => {
    for (let number = 0; number < 5000; number += 1) {
      assert.equal(widthOf(`日${number}`), 2 + String(number).length);
    }
  });
});

test('texts are cut and filled by cells, never through a character', () => {
  assert.equal(cut('日本語', 5), '日本…');
  assert.equal(cut('Gru\u0308ße', 4), 'Gru\u0308…');
  assert.equal(cut('short', 5), 'short');
  assert.equal(padEnd('日', 3), '日 ');
  assert.equal(padStart('ü', 3), '  ü');
});
