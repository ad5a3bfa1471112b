/** Program: runs the tests of one set (fast, root, lab), a number of files at once, and ends with 1 when one fails. */

import { resolve } from 'node:path';
import { run } from 'node:test';
import { report } from './report.ts';
import { TEST_SETS, testFiles } from './test-files.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
/** A test that hangs ends after TIMEOUT_MS. */
const TIMEOUT_MS = 1_200_000;

const [name, concurrency] = process.argv.slice(2);
const set = TEST_SETS.find((each) => each === name);
if (set === undefined) throw new Error(`a set of tests is one of ${TEST_SETS.join(', ')}`);
const events = run({
  cwd: PROJECT,
  files: testFiles(PROJECT, set),
  concurrency: Number(concurrency),
  timeout: TIMEOUT_MS,
});
events.once('test:fail', () => (process.exitCode = 1));
for await (const text of report(events)) process.stdout.write(text);
