/** The text of dialogs. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { widthOf } from '../../../lib/columns.ts';
import { wrap } from '../../../tui/components/dialog.ts';

test('wrapped text loses nothing but spaces, and no line is too long', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (text, width) => {
      const lines = wrap(text, width);
      assert.equal(lines.join('').replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''));
      assert.ok(lines.every((each) => widthOf(each) <= Math.max(2, width)));
    }),
  );
});
