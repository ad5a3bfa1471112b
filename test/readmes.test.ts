/** A folder with many files says in a README what it is for; and what documents name is there. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { collapsed, readImportGraph } from './import-graph.ts';
import { missingNames, readNames } from './support/mentioned-names.ts';
import { PROGRAMS, PROJECT, readSources } from './support/sources.ts';

/** With more sources than this a list of names no longer says what a folder is for. */
const MOST_WITHOUT_README = 8;
const NAMES = readNames();
const SOURCES = readSources();

const DOCUMENTS = [
  'CONTRIBUTING.md',
  'README.md',
  ...readdirSync(join(PROJECT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const READMES = NAMES.files.filter((file) => file.endsWith('/README.md'));

test(`Every folder with more than ${MOST_WITHOUT_README} sources has a README.md.`, () => {
  const counts = new Map<string, number>();
  for (const { path } of SOURCES) {
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  const missing = [...counts]
    .filter(([, count]) => count > MOST_WITHOUT_README)
    .filter(([folder]) => !existsSync(join(PROJECT, folder, 'README.md')))
    .map(([folder, count]) => `${folder}: ${count} sources, no README.md`);
  assert.deepEqual(missing, []);
});

test('The README of a folder of a program says what it imports and where its tests are.', () => {
  const silent = READMES.filter((file) => !file.startsWith('test/')).filter((file) => {
    const text = readFileSync(join(PROJECT, file), 'utf8');
    return !/import/i.test(text) || !/\bTests?\b[^`]*`test\//s.test(text);
  });
  assert.deepEqual(silent, []);
});

test('The README of a program, and that of lib, name each of their folders.', () => {
  const missing = [...PROGRAMS, 'lib'].flatMap((program) => {
    const text = readFileSync(join(PROJECT, program, 'README.md'), 'utf8');
    return readdirSync(join(PROJECT, program), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !new RegExp(`\\b${entry.name}\\b`).test(text))
      .map(({ name }) => `${program}/${name}`);
  });
  assert.deepEqual(missing, []);
});

test('The README of a folder of a program that lists what it imports leaves out no folder of that program.', () => {
  const imports = collapsed(readImportGraph(), (file) =>
    file.split('/').length > 2 ? file.split('/').slice(0, 2).join('/') : null,
  );
  const missing = [...imports].flatMap(([folder, imported]) => {
    const [program = ''] = folder.split('/');
    const readme = join(PROJECT, folder, 'README.md');
    const list = existsSync(readme)
      ? /Imports: (.*?)Tests?: /s.exec(readFileSync(readme, 'utf8'))?.[1]
      : undefined;
    if (list?.includes(`\`${program}/`) !== true) return [];
    return [...imported]
      .filter(([each]) => each.startsWith(`${program}/`) && !list.includes(`\`${each}\``))
      .map(([, example]) => `${folder}/README.md: ${example}`);
  });
  assert.deepEqual(missing, []);
});

test('Every document that a source names is there.', () => {
  const missing = SOURCES.flatMap(({ path, text }) =>
    [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([name]) => ({ path, name })),
  ).filter(({ name }) => !existsSync(join(PROJECT, name)));
  assert.deepEqual(missing, []);
});

/** What such a document names is to come. */
const PLANNED = /^State: designed, not built/m;

for (const document of [...DOCUMENTS, ...READMES]) {
  test(`Every file, link and name of code in ${document} is there.`, () => {
    const text = readFileSync(join(PROJECT, document), 'utf8');
    const missing = missingNames(NAMES, dirname(document), text);
    assert.deepEqual(
      PLANNED.test(text) ? missing.filter((name) => !name.startsWith('code ')) : missing,
      [],
    );
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
  assert.deepEqual(missingNames(NAMES, 'lib', text), [
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
    .parse(JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')));
  for (const document of ['README.md', 'CONTRIBUTING.md']) {
    const text = readFileSync(join(PROJECT, document), 'utf8');
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
      document,
    );
  }
});
