/** JSON output has the English text of each message, with the data beside it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withTexts } from '../../../cli/print/json-messages.ts';
import { message, verbatim } from '../../../lib/model/messages/table.ts';

describe('JSON output', () => {
  test('JSON output has a message as its English text, and the data under another name', () => {
    const title = message('step.make-swap', { partition: 7 });
    assert.deepEqual(withTexts({ steps: [{ id: 'make-swap-p7', title }] }), {
      steps: [{ id: 'make-swap-p7', title: 'make swap on partition 7', titleMessage: title }],
    });
  });

  test('JSON output has the notes of a step as one text, null when there are none', () => {
    const notes = [verbatim('one'), message('note.had-errors')];
    assert.deepEqual(withTexts({ notes }), {
      note: 'one; it notes that errors were met when it was read or written',
      noteMessages: notes,
    });
    assert.deepEqual(withTexts({ notes: [] }), { note: null, noteMessages: [] });
  });

  test('JSON output has a list of messages as texts, and leaves everything else as it is', () => {
    const warnings = [verbatim('copied 1:1')];
    const other = { id: 'host-0000000001', disks: [], name: null, count: 3, groups: ['a'] };
    assert.deepEqual(withTexts({ ...other, warnings }), {
      ...other,
      warnings: ['copied 1:1'],
      warningsMessages: warnings,
    });
  });
});
