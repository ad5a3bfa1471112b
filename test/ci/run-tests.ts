/** Program: runs the tests of one set (fast, root, lab), a number of processes at once, and ends with 1 when one fails. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { readElapsedTimes, writeElapsedTimes } from './elapsed-times.ts';
import { report } from './report.ts';
import { TEST_SETS, testFiles } from './test-files.ts';
import { entryOf, testProcesses } from './test-processes.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
/** A test that hangs ends after TIMEOUT_MS. */
const TIMEOUT_MS = 1_200_000;

const [name, concurrency] = process.argv.slice(2);
const set = TEST_SETS.find((each) => each === name);
if (set === undefined) throw new Error(`a set of tests is one of ${TEST_SETS.join(', ')}`);
const cache = process.env['OPENCLONE_TEST_CACHE'];
const timesFile = cache === undefined ? undefined : join(cache, `${set}-times.json`);
const lastMs = readElapsedTimes(timesFile);
const directory = mkdtempSync(join(tmpdir(), 'openclone-tests-'));
const events = run({
  cwd: PROJECT,
  files: testProcesses(PROJECT, testFiles(PROJECT, set), lastMs).map((files) =>
    entryOf(PROJECT, directory, files),
  ),
  concurrency: Number(concurrency),
  timeout: TIMEOUT_MS,
});
events.once('test:fail', () => (process.exitCode = 1));
const elapsedMs = new Map<string, number>();
try {
  for await (const text of report(events, elapsedMs)) process.stdout.write(text);
} finally {
  rmSync(directory, { recursive: true });
}
writeElapsedTimes(timesFile, elapsedMs);
