/** In a list of failures, or by --test-name-pattern, a title stands alone: it names its subject. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import ts from 'typescript';
import { readSources } from './support/sources.ts';

/** What a title begins with that goes on after what stands around it: a verb without its subject, or a conjunction. */
const FRAGMENT =
  /^(is|are|was|were|has|have|does|do|did|can|cannot|may|must|needs?|ends?|says?|tells?|shows?|keeps?|takes?|gives?|gets|goes|comes|stays?|begins|makes|writes|reads|refuses|finds|leaves|counts|waits|asks|sends|fails|prints|stops|and|or|but) /;

/** The titles of tests in `text` that say nothing without what stands around them, with their lines. */
function fragmentsIn(text: string): string[] {
  const source = ts.createSourceFile('a.test.ts', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText().split('.')[0] === 'test') {
      const title = node.arguments[0]?.getText().slice(1, -1) ?? '';
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if (FRAGMENT.test(title)) found.push(`${line + 1}: ${title}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('every title of a test names its subject', () => {
  const fragments = readSources((path) => path.endsWith('.test.ts')).flatMap(({ path, text }) =>
    fragmentsIn(text).map((each) => `${path}:${each}`),
  );
  assert.equal(fragments.length, 0, `\n${fragments.join('\n')}`);
});

describe('the search for fragments', () => {
  test('the search for fragments finds a verb without its subject, at any depth', () => {
    const text = "describe('a run', () => {\n  test('is one of many', () => {});\n});";
    assert.deepEqual(fragmentsIn(text), ['2: is one of many']);
  });
  test('the search for fragments passes whole sentences', () => {
    assert.deepEqual(fragmentsIn("test('a run is one of many', () => {});"), []);
  });
});
