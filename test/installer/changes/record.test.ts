/** The record of changes over several runs. */

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Journal } from '../../../installer/changes/journal.ts';
import { readRecord } from '../../../installer/changes/record.ts';
import { withMachine } from '../samples.ts';

describe('the record', () => {
  test('the record goes back to the system before OpenClone, over several runs', async () => {
    await withMachine(async (system) => {
      const first = await Journal.open(system, '1.0.0');
      await first.note({ type: 'file', path: '/x', previous: null });
      const second = await Journal.open(system, '2.0.0');
      await second.note({ type: 'file', path: '/x', previous: { text: '1', mode: 0o644 } });
      const record = await readRecord(system);
      assert.equal(record?.programVersion, '2.0.0');
      assert.deepEqual(record.changes, [{ type: 'file', path: '/x', previous: null }]);
    });
  });

  test('the record: one of a newer program is left alone', async () => {
    await withMachine(async (system) => {
      await mkdir(join(system.root, 'var/lib/openclone-installer'), { recursive: true });
      await writeFile(
        join(system.root, 'var/lib/openclone-installer/installed.json'),
        '{"formatVersion":2}',
      );
      await assert.rejects(readRecord(system), /reading what was installed/);
    });
  });
});
