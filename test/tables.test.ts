/** Things of one kind stand in one table: a file that its table does not import would never be used. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';
import { PROJECT } from './support/sources.ts';

/** Folders with a table.ts, and the files in them that are no rows. */
const TABLES: readonly { readonly folder: string; readonly others: readonly string[] }[] = [
  { folder: 'cli/doctor/checks', others: [] },
  { folder: 'engine/operations', others: ['chosen-disk', 'context', 'plan', 'target-steps'] },
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
      const imported = valueImportsIn(readFileSync(join(PROJECT, folder, 'table.ts'), 'utf8'));
      const names = readdirSync(join(PROJECT, folder))
        .filter((name) => name !== 'table.ts' && name.endsWith('.ts'))
        .map((name) => name.slice(0, -'.ts'.length));
      const missing = names.filter(
        (name) => !others.includes(name) && !imported.includes(`./${name}.ts`),
      );
      assert.deepEqual(missing, []);
      assert.deepEqual(
        others.filter((name) => !names.includes(name)),
        [],
      );
    });
  }
});

/** What a source imports something of that is there when it runs: a type alone puts no row into a table. */
function valueImportsIn(text: string): string[] {
  const source = ts.createSourceFile('table.ts', text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isImportDeclaration).flatMap((statement) => {
    const { importClause: clause, moduleSpecifier: module } = statement;
    if (
      clause === undefined ||
      clause.phaseModifier === ts.SyntaxKind.TypeKeyword ||
      !ts.isStringLiteral(module)
    )
      return [];
    const { name, namedBindings: bindings } = clause;
    const hasValue =
      name !== undefined ||
      (bindings !== undefined &&
        (ts.isNamespaceImport(bindings) ||
          bindings.elements.some(({ isTypeOnly }) => !isTypeOnly)));
    return hasValue ? [module.text] : [];
  });
}

test('the finder of imports of values leaves out files of which a table imports types only, or nothing', () => {
  const text = [
    "import { one } from './one.ts';",
    "import { two, type Two } from './two.ts';",
    "import * as three from './three.ts';",
    "import type { Four } from './four.ts';",
    "import { type Five } from './five.ts';",
    "import './six.ts';",
    "type Seven = import('./seven.ts').Seven;",
  ].join('\n');
  assert.deepEqual(valueImportsIn(text), ['./one.ts', './two.ts', './three.ts']);
});

test('cli/command-table loads every file of cli/commands, and each is there', () => {
  const tables = readdirSync(join(PROJECT, 'cli/command-table')).map((name) =>
    readFileSync(join(PROJECT, 'cli/command-table', name), 'utf8'),
  );
  const loaded = [...tables.join('').matchAll(/import\('\.\.\/commands\/([^']+)'\)/g)];
  const names = readdirSync(join(PROJECT, 'cli/commands')).filter((name) => name.endsWith('.ts'));
  assert.deepEqual(loaded.map(([, name]) => name).toSorted(), names.toSorted());
});
