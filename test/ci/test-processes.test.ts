import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, run, test } from 'node:test';
import { withDirectory } from '../support/directories.ts';
import { report } from './report.ts';
import { testFiles } from './test-files.ts';
import { entryOf, testProcesses } from './test-processes.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const PURE = "import { test } from 'node:test';\ntest('it holds', () => undefined);\n";

/** Gives `work` a project with these test files: path → text. */
async function withProject(
  files: Readonly<Record<string, string>>,
  work: (project: string) => void | Promise<void>,
): Promise<void> {
  await withDirectory(async (project) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
    await work(project);
  });
}

describe('the processes of tests', () => {
  test('the processes of tests have each file of the project once', () => {
    const files = testFiles(PROJECT, 'fast');
    const processes = testProcesses(PROJECT, files, new Map());
    assert.deepEqual(processes.flat().sort(), [...files].sort());
    assert.ok(processes.length < files.length);
  });

  test('the processes of tests: a file that does something to the whole process has one of its own', async () => {
    const forItself = {
      'test/lib/b.test.ts': "import { mock } from 'node:test';\n",
      'test/lib/c.test.ts': 'afterEach(() => undefined);\n',
      'test/lib/d.test.ts': "process.env['TZ'] = 'UTC';\n",
      'test/lib/e.test.ts': "import { run } from '../../lib/exec/run.ts';\n",
      'test/server/f.test.ts': PURE,
    };
    const sharing = { 'test/lib/a.test.ts': PURE, 'test/lib/z.test.ts': PURE };
    await withProject({ ...forItself, ...sharing }, (project) => {
      const files = Object.keys({ ...forItself, ...sharing });
      const processes = testProcesses(project, files, new Map());
      assert.deepEqual(
        processes.filter((each) => each.length > 1),
        [Object.keys(sharing)],
      );
      assert.equal(processes.length, 6);
    });
  });

  test('the processes of tests: the one that took longest starts first, after those that never ran', async () => {
    const paths = ['test/server/a.test.ts', 'test/server/b.test.ts', 'test/server/new.test.ts'];
    await withProject(Object.fromEntries(paths.map((path) => [path, PURE])), (project) => {
      const elapsedMs = new Map([
        ['test/server/a.test.ts', 10],
        ['test/server/b.test.ts', 20],
      ]);
      assert.deepEqual(testProcesses(project, paths, elapsedMs).flat(), paths.toReversed());
    });
  });

  test('the processes of tests: what fails in one that several files share is told with its own file', async () => {
    const failing =
      "import { test } from 'node:test';\ntest('it fails', () => { throw new Error('so'); });\n";
    const files = { 'test/lib/a.test.ts': PURE, 'test/lib/z.test.ts': failing };
    await withProject(files, async (project) => {
      // Within a test, node:test runs no other files.
      delete process.env['NODE_TEST_CONTEXT'];
      const entry = entryOf(project, project, Object.keys(files));
      let said = '';
      const events = run({ files: [entry], cwd: project });
      for await (const text of report(events, new Map())) said += text;
      assert.match(said, /^✖ .*test\/lib\/z\.test\.ts: it fails$/m);
      assert.match(said, /^2 tests: 1 passed, 1 failed, 0 skipped$/m);
    });
  });
});
