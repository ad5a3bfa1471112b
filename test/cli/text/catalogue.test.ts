/** The texts of the command line: in both languages, each said once, each used. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { textsOf } from '../../../cli/text/catalogue.ts';
import { helpTextsOf } from '../../../cli/text/help/catalogue.ts';
import type { Language } from '../../../lib/model/language.ts';

const CLI = join(import.meta.dirname, '../../../cli');

/** The same in German, or no words at all. */
const SAME_IN_GERMAN = new Set([
  'Compression',
  'Engine',
  'Firmware',
  'GPT',
  'JOB',
  'Job',
  'MAC',
  'PARAMETER',
  'Server',
  'VERSION',
  'WWN',
]);

type Leaf = { readonly path: string; readonly text: string };

/** All texts below `value`; of a function what it is written as, without types and blanks. */
function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'function') return [{ path, text: value.toString().replaceAll(/\s/g, '') }];
  assert.ok(typeof value === 'object' && value !== null, path);
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${path}.${name}`));
}

function catalogue(language: Language): Leaf[] {
  const texts = leavesOf(textsOf(language)).filter(({ path }) => path !== '.language');
  return [...texts, ...leavesOf(helpTextsOf(language), '.help')];
}

const ENGLISH = catalogue('en');
const GERMAN = catalogue('de');

describe('the catalogue of the command line', () => {
  test('the catalogue of the command line has no German text that is the English one by mistake', () => {
    assert.deepEqual(
      GERMAN.map(({ path }) => path),
      ENGLISH.map(({ path }) => path),
    );
    const same = GERMAN.filter(({ text }, index) => text === ENGLISH[index]?.text).filter(
      ({ text }) =>
        !SAME_IN_GERMAN.has(text) && /[A-Za-z]{3}/.test(text.replaceAll(/\$\{.*?\}/g, '')),
    );
    assert.deepEqual(same, []);
  });

  test('the catalogue of the command line has no text that nothing uses', () => {
    const sources = globSync('**/*.ts', { cwd: CLI })
      .map((file) => [file, readFileSync(join(CLI, file), 'utf8')] as const)
      // Of other texts, only counts are used by texts.
      .map(([file, text]) =>
        file.startsWith('text/') ? (text.match(/counts\.en\.\w+/g) ?? []).join('\n') : text,
      )
      .join('\n');
    const unused = ENGLISH.filter(({ path }) => {
      const names = path.split('.').slice(1);
      const [last = '', parent = ''] = names.toReversed();
      // What is looked up in a record is named where that is.
      const isLookedUp = new RegExp(`\\b${parent}(\\[|;)`).test(sources);
      return !isLookedUp && !new RegExp(`[.{,]\\s*${last}\\b`).test(sources);
    });
    assert.deepEqual(
      unused.map(({ path }) => path),
      [],
    );
  });
});
