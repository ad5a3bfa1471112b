/** The record of an installed 0.3.0 has every kind of change that it knew: this version reads it, and it reads ours. */

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { Journal } from '../../../installer/changes/journal.ts';
import { describeChange, keyOf } from '../../../installer/changes/table.ts';
import { readRecord, RECORD_FILE } from '../../../installer/changes/record.ts';
import { withMachine } from '../samples.ts';

const RECORD_030 = join(import.meta.dirname, '../../fixtures/installer/installed-0.3.0.json');
const AnyRecord = z.looseObject({ changes: z.array(z.looseObject({ type: z.string() })) });

describe('the record of changes', () => {
  test('the record of changes of an installed 0.3.0 is read with every change, each under a key of its own', async () => {
    await withMachine(async (system) => {
      const path = join(system.root, RECORD_FILE);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await readFile(RECORD_030));
      const changes = (await readRecord(system))?.changes ?? [];
      const recorded = AnyRecord.parse(JSON.parse(await readFile(RECORD_030, 'utf8'))).changes;
      assert.deepEqual(
        changes.map(({ type }) => type),
        recorded.map(({ type }) => type),
      );
      assert.equal(new Set(changes.map(keyOf)).size, changes.length);
      for (const change of changes) assert.match(describeChange(change), /\S/);
    });
  });

  test('the record of changes keeps its form when this version writes it, so that the installer of 0.3.0 reads it on the way back', async () => {
    await withMachine(async (system) => {
      const path = join(system.root, RECORD_FILE);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await readFile(RECORD_030));
      await (await Journal.open(system, '0.4.0')).abandon();
      const [before, after] = await Promise.all(
        [RECORD_030, path].map(async (each) =>
          AnyRecord.parse(JSON.parse(await readFile(each, 'utf8'))),
        ),
      );
      // What 0.3.0 added itself when it read an older record.
      const known = before?.changes.map((change) =>
        change.type === 'firewall-rules' ? { ...change, dhcpInterfaces: [] } : change,
      );
      assert.deepEqual(after?.changes, known);
      assert.equal(after?.['formatVersion'], before?.['formatVersion']);
    });
  });
});
