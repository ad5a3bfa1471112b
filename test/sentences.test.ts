/** What is said to people is never read back: no source looks for the words of a message. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isProduct, readSources } from './support/sources.ts';

const TEXTS = 'lib/messages';

/** What a text is looked for with, or compared with. */
const LITERAL =
  /(?:\.(?:startsWith|endsWith|includes|indexOf|split|replace|replaceAll)\(\s*|[=!]==\s*|\bcase\s+)(?:'(?<single>(?:[^'\\\n]|\\.)+)'|"(?<double>(?:[^"\\\n]|\\.)+)")/g;
const PATTERN =
  /(?:\.(?:match|matchAll|search|split|replace|replaceAll)\(\s*\/(?<given>(?:[^/\\\n]|\\.)+)\/|[(=!?:|&,\s]\/(?<asking>(?:[^/\\\n]|\\.)+)\/[a-z]*\s*\.(?:test|exec)\()/g;

/** Two words at least: one alone is a name or a unit. */
const WORDS = /[A-Za-z]{2,}(?:,? [A-Za-z]+)+/g;

/** The words in `source` that something is compared with and that `texts` has, too. */
function readBack(source: string, texts: string): string[] {
  const literals = [...source.matchAll(LITERAL)]
    .map(({ groups }) => groups?.['single'] ?? groups?.['double'] ?? '')
    .filter((literal) => literal.search(WORDS) >= 0);
  const patterns = [...source.matchAll(PATTERN)].flatMap(
    ({ groups }) => (groups?.['given'] ?? groups?.['asking'] ?? '').match(WORDS) ?? [],
  );
  return [...literals, ...patterns].filter((words) => texts.includes(words));
}

test('no source compares a text with the words of a message', () => {
  const texts = readSources((path) => path.startsWith(`${TEXTS}/en/`))
    .map(({ text }) => text)
    .join('\n');
  assert.ok(texts.includes('logged out after'));
  const found = readSources((path) => isProduct(path) && !path.startsWith(`${TEXTS}/`)).flatMap(
    ({ path, text }) => readBack(text, texts).map((words) => `${path}: ${words}`),
  );
  assert.deepEqual(found, []);
});

describe('the search for sentences that are read back', () => {
  const texts = "'login.idle': ({ minutes }) => `logged out after ${minutes} min without a key`,";
  for (const source of [
    "const isIdle = reason.startsWith('logged out after');",
    'const isIdle = reason.includes("without a key");',
    "return reason.replace(/^logged out after (\\d+) min/, 'x');",
    'if (/without a key$/.test(reason)) return 1;',
    "if (reason === 'logged out after') return 1;",
    "switch (reason) { case 'without a key': return 1; }",
  ]) {
    test(`the search for sentences that are read back finds ${source}`, () => {
      assert.equal(readBack(source, texts).length, 1);
    });
  }

  for (const source of [
    "const text = 'logged out after';",
    "if (id === 'login.idle') return 1;",
    "if (text.endsWith('min')) return 1;",
    'if (/handshake has timed out/.test(text)) return 1;',
  ]) {
    test(`the search for sentences that are read back finds nothing in ${source}`, () => {
      assert.deepEqual(readBack(source, texts), []);
    });
  }
});
