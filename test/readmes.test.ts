/** What documents name is there: files, links, names of code, scripts. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { missingNames, readProject } from './support/mentioned-names.ts';

const PROJECT = readProject(join(import.meta.dirname, '..'));

/** Documents for those who read or change the code; those for operators name files of installed servers. */
const DOCUMENTS = [
  'CONTRIBUTING.md',
  ...['architecture', 'field-notes', 'glossary', 'style'].map((name) => `docs/${name}.md`),
  ...readdirSync(join(PROJECT.root, 'docs/design')).map((name) => `docs/design/${name}`),
];

const READMES = PROJECT.files.filter((file) => file.endsWith('/README.md'));

for (const document of [...DOCUMENTS, ...READMES]) {
  test(`Every file, link and name of code in ${document} is there.`, () => {
    const text = readFileSync(join(PROJECT.root, document), 'utf8');
    assert.deepEqual(missingNames(PROJECT, dirname(document), text), []);
  });
}

test('What a document names and is not there is found, placeholders and foreign names are not.', () => {
  // In pieces, since it must be in no source, and this is one.
  const [functionName, typeName] = ['noSuch', 'NoSuch'].map((start) => `${start}Name`);
  const text = [
    `In \`lib/nowhere.ts\`, \`gone.ts\` and [here](nowhere.md) is \`${functionName}()\` of \`${typeName}\`;`,
    'not in `lib/errors.ts`, `errors.ts`, `lib/disk/`, `lib/NAME.ts`, `KIND-table.ts`, `BootNext`, `npm test`, `*.ts`,',
    '[there](model/image.ts) with `toReport()` and `OperatorError`.',
  ].join('\n');
  assert.deepEqual(missingNames(PROJECT, 'lib', text), [
    'file lib/nowhere.ts',
    'file gone.ts',
    `code ${functionName}()`,
    `code ${typeName}`,
    'link nowhere.md',
  ]);
});

test('The README of the project names scripts that package.json has.', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(PROJECT.root, 'package.json'), 'utf8')));
  for (const document of ['README.md', 'CONTRIBUTING.md']) {
    const text = readFileSync(join(PROJECT.root, document), 'utf8');
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
      document,
    );
  }
});
