/** A file has one job: what is longer than a stranger reads in one go has a written reason, or comes apart. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';

const PROJECT = join(import.meta.dirname, '..');
const MOST_LINES = 350;

/** Files that may be longer, each with why. */
const LONG: Readonly<Record<string, string>> = {
  'test/lab/faults.test.ts':
    'One room of machines is started once, and every fault is played in it.',
  'test/lab/demonstration.ts': 'One walk through the product, to be read from beginning to end.',
  'test/lab/room.ts':
    'The network and the machines of the lab, which are set up and taken down together.',
  'test/bench/link-rate.ts': 'One measurement with its report, which runs on its own.',
  'test/tui/shots/table.ts': 'A table: a row for each picture.',
};

function sources(): readonly string[] {
  return readdirSync(PROJECT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$|^dist$/.test(entry.name))
    .flatMap(({ name }) =>
      readdirSync(join(PROJECT, name), { recursive: true, encoding: 'utf8' }).map((file) =>
        posix.join(name, file),
      ),
    )
    .filter((name) => name.endsWith('.ts'));
}

test(`no file has more than ${MOST_LINES} lines without a written reason, and no reason outlives its file`, () => {
  const long = sources().filter((name) => {
    const text = readFileSync(join(PROJECT, name), 'utf8');
    return text.split('\n').length - 1 > MOST_LINES;
  });
  assert.deepEqual(long.toSorted(), Object.keys(LONG).toSorted());
});
