/** A file has one job: what is longer than a stranger reads in one go has a written reason, or comes apart. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from './support/sources.ts';

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

test(`no file has more than ${MOST_LINES} lines without a written reason, and no reason outlives its file`, () => {
  const long = readSources()
    .filter(({ text }) => text.split('\n').length - 1 > MOST_LINES)
    .map(({ path }) => path);
  assert.deepEqual(long.toSorted(), Object.keys(LONG).toSorted());
});
