/** The editor of one line. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { edit, lineEditor, visiblePart } from '../../../tui/values/line-editor.ts';
import { key } from '../sample-keys.ts';

describe('line editor', () => {
  const anyKey = fc.oneof(
    fc.constantFrom('left', 'right', 'home', 'end', 'backspace', 'delete', 'C-u', 'C-k', 'C-w'),
    fc.constantFrom('a', 'ß', 'é', '漢', ' ', '-'),
  );

  test('line editor: the caret stays in the text, and only what was typed is in it', () => {
    fc.assert(
      fc.property(
        fc.array(anyKey, { maxLength: 60 }),
        fc.string({ maxLength: 20 }),
        (keys, start) => {
          let editor = lineEditor(start);
          for (const name of keys) {
            editor = edit(editor, { name, text: name.length === 1 ? name : null }) ?? editor;
            const length = Array.from(new Intl.Segmenter().segment(editor.text)).length;
            assert.ok(editor.position >= 0 && editor.position <= length);
          }
        },
      ),
    );
  });

  test('line editor: typing and deleting again leaves the text as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'ü', '漢', 'x'), { maxLength: 20 }), (letters) => {
        let editor = lineEditor('start');
        for (const letter of letters) editor = edit(editor, key(letter)) ?? editor;
        assert.equal(editor.text, `start${letters.join('')}`);
        letters.forEach(() => (editor = edit(editor, key('backspace')) ?? editor));
        assert.deepEqual(editor, lineEditor('start'));
      }),
    );
  });

  test('line editor: the caret is always in the part that is seen', () => {
    const long = lineEditor('a'.repeat(100));
    assert.deepEqual(visiblePart(long, 10), { text: 'a'.repeat(9), caret: 9 });
    assert.equal(visiblePart({ ...long, position: 0 }, 10).caret, 0);
    // Wide characters take two cells each: four and the caret fit into nine and ten.
    const wide = lineEditor('漢'.repeat(20));
    assert.deepEqual(visiblePart(wide, 10), { text: '漢'.repeat(4), caret: 8 });
    assert.deepEqual(visiblePart(wide, 9), { text: '漢'.repeat(4), caret: 8 });
  });

  test('line editor: no more than allowed is typed, and control characters never', () => {
    const editor = edit(lineEditor('ab'), key('c'), 2);
    assert.equal(editor?.text, 'ab');
    assert.equal(edit(lineEditor(), { name: '\u0007', text: '\u0007' }), null);
  });
});
