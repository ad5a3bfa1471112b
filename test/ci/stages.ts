/** The stages of continuous integration, a row each, in the order in which they are run. */

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { TestSet } from './test-files.ts';

export type Stage = {
  readonly name: string;
  /** What it shows when it passes. */
  readonly title: string;
  readonly needsRoot: boolean;
  /** Whether root runs it as nobody, so that it shows that it needs no root. */
  readonly dropsRoot?: true;
  /** Whether several tests at once mount file systems. */
  readonly mountsSideBySide?: true;
  /** Programs with their arguments, one after the other; `isQuick`: only what differs from the main branch. */
  readonly commands: (project: string, isQuick: boolean) => readonly (readonly string[])[];
};

const NODE = 'node_modules/.bin/node';
const PRETTIER = [NODE, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn'];
const ESLINT = [NODE, 'node_modules/eslint/bin/eslint.js', '--no-warn-ignored'];
/** TypeScript 7 checks the project in a quarter of the time; typescript-eslint needs TypeScript 6 beside it. */
const TSC = [NODE, 'node_modules/typescript-7/bin/tsc', '-p', '.'];

export const STAGES: readonly Stage[] = [
  {
    name: 'lint',
    title: 'formatter and linter',
    needsRoot: false,
    commands: (project, isQuick) => {
      if (!isQuick)
        return [
          [...PRETTIER, '.'],
          [...ESLINT, '.'],
        ];
      const changed = changedFiles(project);
      const code = changed.filter((path) => /\.[jt]s$/.test(path));
      return [
        ...(changed.length > 0 ? [[...PRETTIER, '--ignore-unknown', ...changed]] : []),
        ...(code.length > 0 ? [[...ESLINT, ...code]] : []),
      ];
    },
  },
  { name: 'types', title: 'types', needsRoot: false, commands: () => [TSC] },
  {
    name: 'build',
    title: 'the bundles that some tests run',
    needsRoot: false,
    commands: () => [
      [NODE, 'installer/build-engine.ts'],
      [NODE, 'installer/build-operator.ts'],
    ],
  },
  {
    name: 'fast',
    title: 'tests that need no root',
    needsRoot: false,
    dropsRoot: true,
    commands: () => [testing('fast')],
  },
  {
    name: 'root',
    title: 'tests with loop devices, namespaces and mounts',
    needsRoot: true,
    mountsSideBySide: true,
    commands: () => [testing('root')],
  },
  {
    name: 'lab',
    title: 'rooms of virtual hosts',
    needsRoot: true,
    // Each takes the whole machine.
    commands: () => [testing('lab', 1)],
  },
];

/** One file more than there are processors: many tests wait for something else. */
function testing(set: TestSet, concurrency = availableParallelism() + 1): string[] {
  return [NODE, 'test/ci/run-tests.ts', set, String(concurrency)];
}

/** What differs from the main branch, and what is not committed; files that are gone are left out. Throws where git fails. */
function changedFiles(project: string): string[] {
  const git = (...args: string[]): string[] => {
    const { stdout, stderr, status } = spawnSync('git', args, { cwd: project, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.split('\0').filter((path) => path !== '');
  };
  return [
    ...new Set([
      ...git('diff', '-z', '--name-only', '--diff-filter=d', '--merge-base', 'main'),
      ...git('ls-files', '-z', '--others', '--exclude-standard'),
    ]),
  ];
}
