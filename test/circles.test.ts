/** Nothing inside a program goes round in circles: neither files, nor the folders of a program. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { circlesOf, collapsed, importGraphOf, readImportGraph } from './import-graph.ts';
import { PROGRAMS } from './support/sources.ts';

const GRAPH = readImportGraph();

/**
 * The folder right below a program that a file lies in: a table and its rows, in a folder below, are one. Files in the
 * program's root count singly: they compose the program, and no folder is to know them, which the circles of files see.
 */
function folderOf(file: string): string {
  const parts = file.split('/');
  return parts.length > 2 ? parts.slice(0, 2).join('/') : file;
}

test('no files of a program import each other in a circle', () => {
  const circles = circlesOf(GRAPH.keys(), (file) => GRAPH.get(file) ?? []);
  assert.deepEqual(circles, []);
});

for (const program of [...PROGRAMS, 'lib']) {
  test(`no folders of ${program} import each other in a circle`, () => {
    const folders = collapsed(GRAPH, (file) =>
      file.startsWith(`${program}/`) ? folderOf(file) : null,
    );
    const circles = circlesOf(folders.keys(), (folder) => folders.get(folder)?.keys() ?? []);
    const ties = circles.flatMap((circle) =>
      circle.flatMap((from) =>
        circle.flatMap((to) => {
          const example = folders.get(from)?.get(to);
          return example === undefined ? [] : [`${from} → ${to}: ${example}`];
        }),
      ),
    );
    assert.equal(ties.length, 0, `\n${ties.join('\n')}`);
  });
}

describe('the search for circles', () => {
  const graph = importGraphOf(
    new Map([
      ['p/a/one.ts', "import { x } from '../b/two.ts';\nimport type { Y } from 'zod';"],
      ['p/b/two.ts', "import type { x } from '../c/three.ts';"],
      ['p/c/three.ts', "const { x } = await import('../a/four.ts');"],
      ['p/a/four.ts', ''],
      ['p/main.ts', "import { x } from './a/one.ts';"],
    ]),
  );

  test('the search for circles finds a circle of folders where no files are in one', () => {
    assert.deepEqual(
      circlesOf(graph.keys(), (file) => graph.get(file) ?? []),
      [],
    );
    const folders = collapsed(graph, folderOf);
    assert.deepEqual(
      circlesOf(folders.keys(), (folder) => folders.get(folder)?.keys() ?? []),
      [['p/a', 'p/b', 'p/c']],
    );
    assert.equal(folders.get('p/a')?.get('p/b'), 'p/a/one.ts imports p/b/two.ts');
  });

  test('the search for circles tells circles apart and leaves out what only leads into one', () => {
    const next: Record<string, string[]> = {
      a: ['b'],
      b: ['a', 'c'],
      c: ['d'],
      d: ['c'],
      e: ['a'],
    };
    const circles = circlesOf(Object.keys(next), (node) => next[node] ?? []);
    assert.deepEqual(circles.toSorted(), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });
});
