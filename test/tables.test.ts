/** Things of one kind stand in one table: a file that its table does not import would never be used. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const PROJECT = join(import.meta.dirname, '..');

/** Folders with a table.ts, and the files in them that are no rows. */
const TABLES: readonly { readonly folder: string; readonly others: readonly string[] }[] = [
  { folder: 'cli/doctor/checks', others: [] },
  { folder: 'engine/operations', others: ['chosen-disk', 'context'] },
  {
    folder: 'installer/changes',
    others: ['data', 'journal', 'kind', 'record', 'roll-back', 'shared-units'],
  },
  { folder: 'installer/preflight', others: ['facts', 'obstacle', 'ours'] },
  { folder: 'installer/questions', others: ['before-asking', 'question', 'resolve'] },
  { folder: 'installer/steps', others: ['managed-file', 'managed-unit', 'store-rollback'] },
  { folder: 'lib/model/operations', others: ['assignment', 'kind'] },
  { folder: 'server/tasks/operations', others: ['load-image', 'row'] },
  { folder: 'test/lab/vm/scenarios', others: [] },
];

describe('a table of things of one kind', () => {
  for (const { folder, others } of TABLES) {
    test(`a table of things of one kind: ${folder}/table.ts imports every file that is a row, and every other file is there`, () => {
      const text = readFileSync(join(PROJECT, folder, 'table.ts'), 'utf8');
      const names = readdirSync(join(PROJECT, folder))
        .filter((name) => name !== 'table.ts' && name.endsWith('.ts'))
        .map((name) => name.slice(0, -'.ts'.length));
      const missing = names.filter(
        (name) => !others.includes(name) && !text.includes(`from './${name}.ts'`),
      );
      assert.deepEqual(missing, []);
      assert.deepEqual(
        others.filter((name) => !names.includes(name)),
        [],
      );
    });
  }
});

test('cli/command-table loads every file of cli/commands, and each is there', () => {
  const tables = readdirSync(join(PROJECT, 'cli/command-table')).map((name) =>
    readFileSync(join(PROJECT, 'cli/command-table', name), 'utf8'),
  );
  const loaded = [...tables.join('').matchAll(/import\('\.\.\/commands\/([^']+)'\)/g)];
  const names = readdirSync(join(PROJECT, 'cli/commands')).filter((name) => name.endsWith('.ts'));
  assert.deepEqual(loaded.map(([, name]) => name).toSorted(), names.toSorted());
});
