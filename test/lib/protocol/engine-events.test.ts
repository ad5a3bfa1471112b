/** What engines of older protocols send is understood. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { verbatim } from '../../../lib/model/messages/table.ts';
import { RunEvent } from '../../../lib/protocol/engine-api.ts';

describe('an engine of protocol 3', () => {
  test('an engine of protocol 3 sends titles of steps as text, which are kept as they are', () => {
    const step = { id: 'write-p1', totalBytes: null, writes: true };
    const steps = [{ ...step, title: 'write partition 1' }];
    const event = RunEvent.parse({ type: 'plan', steps, disk: '/dev/sda' });
    assert.ok(event.type === 'plan');
    assert.deepEqual(event.steps, [{ ...step, title: verbatim('write partition 1') }]);
  });

  test('an engine of protocol 3 sends one note of a step as text, or none', () => {
    const ended = { type: 'step-ended', stepId: 'write-p1', state: 'warned', doneBytes: 1 };
    for (const [note, notes] of [
      ['odd', [verbatim('odd')]],
      [null, []],
    ] as const) {
      assert.deepEqual(RunEvent.parse({ ...ended, note, error: null }), {
        ...ended,
        notes,
        error: null,
      });
    }
  });
});
