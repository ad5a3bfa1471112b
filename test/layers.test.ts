/** The layers of each program are as docs/architecture.md has them: a folder imports only what is to its right. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { collapsed, importGraphOf, readImportGraph, type ImportGraph } from './import-graph.ts';
import { PROGRAMS, PROJECT, topFolderOf } from './support/sources.ts';

type Layers = {
  readonly program: string;
  /** From left to right; those of one layer do not know each other. Folders, or files in the program's root. */
  readonly layers: readonly (readonly string[])[];
  /** What knows none of them. */
  readonly apart: readonly string[];
};

const DOCUMENT = 'docs/architecture.md';
const LAYERS = readLayers(readFileSync(join(PROJECT, DOCUMENT), 'utf8'));
const GRAPH = readImportGraph();

/** The rows of the table: "| server ([README](…)) | api → views, tasks → store; wake and net know none of them |". */
function readLayers(document: string): Layers[] {
  const rows = document.matchAll(/^\| ([\w-]+) \(\[README\][^|]*\| ([^|]*→[^|]*) \|$/gm);
  return [...rows].map(([, program = '', text = '']) => {
    const [order = '', note = ''] = text.split('; ');
    const unitsIn = (names: string): string[] =>
      names.split(/, | and /).map((name) => unitOf(`${program}/${name}`));
    const apart = /^(.*) knows? none of them$/.exec(note)?.[1];
    return {
      program,
      layers: order.split(' → ').map(unitsIn),
      apart: apart === undefined ? [] : unitsIn(apart),
    };
  });
}

/** A folder right below the program, or a file in its root, without ".ts". */
function unitOf(file: string): string {
  return file.split('/').slice(0, 2).join('/').replace(/\.ts$/, '');
}

/** What is imported that is not to the right of who imports it, also by way of files in the root that are no layer. */
function wrongImports(graph: ImportGraph, { program, layers, apart }: Layers): string[] {
  const units = collapsed(graph, (file) => (topFolderOf(file) === program ? unitOf(file) : null));
  const named = [...layers, apart].flat();
  const placeOf = (unit: string): number => layers.findIndex((layer) => layer.includes(unit));
  const reached = (from: string, way: string, seen: Set<string>): [unit: string, way: string][] =>
    [...(units.get(from) ?? [])].flatMap(([to, example]) => {
      const longer = way === '' ? example : `${way}, ${example}`;
      if (named.includes(to)) return [[to, longer]];
      if (seen.has(to)) return [];
      seen.add(to);
      return reached(to, longer, seen);
    });
  return named.flatMap((from) =>
    reached(from, '', new Set())
      .filter(([to]) => to !== from)
      .filter(([to]) => {
        if (apart.includes(from)) return layers.flat().includes(to);
        return !apart.includes(to) && placeOf(to) <= placeOf(from);
      })
      .map(([to, way]) => `${from} → ${to}: ${way}`),
  );
}

test(`${DOCUMENT} has the layers of every program that has folders, and each of the folders in one of them`, () => {
  for (const program of PROGRAMS) {
    const row = LAYERS.find((each) => each.program === program);
    const named = row === undefined ? [] : [...row.layers, row.apart].flat();
    const folders = [...GRAPH.keys()]
      .filter((file) => topFolderOf(file) === program && file.split('/').length > 2)
      .map(unitOf);
    const units = [...GRAPH.keys()].map(unitOf);
    const missing = new Set(folders.filter((folder) => !named.includes(folder)));
    assert.deepEqual([...missing], [], 'in no layer');
    const gone = named.filter((unit) => !units.includes(unit));
    assert.deepEqual(gone, [], 'is not there');
    assert.equal(new Set(named).size, named.length, `${program}: named twice`);
  }
});

for (const row of LAYERS) {
  test(`in ${row.program} each layer imports only what ${DOCUMENT} has to its right`, () => {
    const wrong = wrongImports(GRAPH, row);
    assert.equal(wrong.length, 0, `\n${wrong.join('\n')}`);
  });
}

describe('the reader of layers', () => {
  const row = '| p ([README](../p/README.md)) | top → a, b → c; far and wide know none of them |';
  const [layers] = readLayers(`text\n| q | no layers |\n${row}\n`);
  const wrongIn = (sources: Readonly<Record<string, string>>): string[] =>
    wrongImports(importGraphOf(new Map(Object.entries(sources))), layers ?? assert.fail());

  test('the reader of layers finds the program, the layers and what knows none of them', () => {
    assert.deepEqual(layers, {
      program: 'p',
      layers: [['p/top'], ['p/a', 'p/b'], ['p/c']],
      apart: ['p/far', 'p/wide'],
    });
  });

  const files = {
    'p/top.ts': '',
    'p/a/x.ts': '',
    'p/b/x.ts': '',
    'p/c/x.ts': '',
    'p/far/x.ts': '',
  };
  test('the reader of layers finds nothing wrong in an import of what is to the right, nor of what is apart', () => {
    const text = "import '../c/x.ts';\nimport '../far/x.ts';\nimport './y.ts';";
    assert.deepEqual(wrongIn({ ...files, 'p/a/x.ts': text, 'p/a/y.ts': '' }), []);
  });

  const cases: readonly (readonly [file: string, text: string, wrong: string])[] = [
    ['p/c/x.ts', "import '../a/x.ts';", 'p/c → p/a: p/c/x.ts imports p/a/x.ts'],
    ['p/a/x.ts', "import '../b/x.ts';", 'p/a → p/b: p/a/x.ts imports p/b/x.ts'],
    ['p/far/x.ts', "import '../c/x.ts';", 'p/far → p/c: p/far/x.ts imports p/c/x.ts'],
    ['p/c/x.ts', "import '../top.ts';", 'p/c → p/top: p/c/x.ts imports p/top.ts'],
  ];
  for (const [file, text, wrong] of cases) {
    test(`the reader of layers finds ${wrong}`, () =>
      assert.deepEqual(wrongIn({ ...files, [file]: text }), [wrong]));
  }

  test('the reader of layers finds an import by way of a file that is no layer', () => {
    const sources = {
      ...files,
      'p/c/x.ts': "import '../between.ts';",
      'p/between.ts': "import './b/x.ts';",
    };
    assert.deepEqual(wrongIn(sources), [
      'p/c → p/b: p/c/x.ts imports p/between.ts, p/between.ts imports p/b/x.ts',
    ]);
  });
});
