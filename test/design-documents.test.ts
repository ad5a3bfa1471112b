/** Design documents name tests for what they claim: these must be there. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const TESTS = import.meta.dirname;

test('Every claim of docs/design/safety.md has the test that it names.', () => {
  const text = readFileSync(join(TESTS, '../docs/design/safety.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (?<claim>[^|]+) \| `(?<file>[^`]+)`: (?<title>[^|]+) \|$/gm)];
  assert.ok(rows.length > 20, `${rows.length} rows`);
  for (const { groups = {} } of rows) {
    const { claim = '', file = '', title = '' } = groups;
    const path = [join(TESTS, file), join(TESTS, 'engine', file)].find((each) => existsSync(each));
    assert.ok(path !== undefined, `${claim}: there is no ${file}`);
    assert.ok(readFileSync(path, 'utf8').includes(title), `${claim}: ${file} has no "${title}"`);
  }
});
