/** Which test files there are: those that need no root, those that do, and the lab's. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The end of the name of a test that makes loop devices, namespaces, mounts or files of other owners. */
const NEEDS_ROOT = '.root.test.ts';

export const TEST_SETS = ['fast', 'root', 'lab'] as const;
export type TestSet = (typeof TEST_SETS)[number];

/** Paths from the project's directory, sorted. */
export function testFiles(project: string, set: TestSet): string[] {
  return readdirSync(join(project, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name}`)
    .filter((path) => path.endsWith('.test.ts') && setOf(path) === set)
    .sort();
}

function setOf(path: string): TestSet {
  if (path.startsWith('test/lab/')) return 'lab';
  return path.endsWith(NEEDS_ROOT) ? 'root' : 'fast';
}
