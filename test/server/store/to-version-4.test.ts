/** A store of version 3 keeps its texts, as messages. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verbatim } from '../../../lib/model/messages/table.ts';
import { toVersion4 } from '../../../server/store/to-version-4.ts';

test('titles, notes and warnings of a store of version 3 are messages with the old words', () => {
  const step = { id: 'write-p1', state: 'warned' };
  const old = {
    schemaVersion: 3,
    hosts: [],
    images: [
      { id: 'image-0000000001', versions: [{ id: 'version-1', warnings: ['copied 1:1'] }] },
      { id: 'image-0000000002', versions: [{ id: 'version-2' }] },
    ],
    tasks: [
      {
        title: 'deploy win11 to room-1',
        runs: [
          {
            steps: [
              { ...step, title: 'write partition 1', note: 'odd' },
              { ...step, title: 'sync', note: null },
            ],
          },
        ],
      },
    ],
  };
  assert.deepEqual(toVersion4(old), {
    schemaVersion: 4,
    hosts: [],
    images: [
      {
        id: 'image-0000000001',
        versions: [{ id: 'version-1', warnings: [verbatim('copied 1:1')] }],
      },
      { id: 'image-0000000002', versions: [{ id: 'version-2' }] },
    ],
    tasks: [
      {
        title: verbatim('deploy win11 to room-1'),
        runs: [
          {
            steps: [
              { ...step, title: verbatim('write partition 1'), notes: [verbatim('odd')] },
              { ...step, title: verbatim('sync'), notes: [] },
            ],
          },
        ],
      },
    ],
  });
});
