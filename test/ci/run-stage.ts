/** Runs the programs of one stage, and keeps what they print. */

import { spawn, spawnSync } from 'node:child_process';
import { accessSync, chownSync, constants, createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Stage } from './stages.ts';

export type StageResult = {
  readonly isPassed: boolean;
  readonly elapsedMs: number;
  readonly logFile: string;
};

type Options = {
  readonly project: string;
  readonly directory: string;
  readonly isQuick: boolean;
  readonly environment: NodeJS.ProcessEnv;
};

const NOBODY = 65_534;
/**
 * Tests mount file systems side by side, and namespaces that others make meanwhile begin with a copy of all mounts: without
 * this, what a test has unmounted stays mounted there, and is written to afterwards.
 */
const IN_SHARED_MOUNTS = ['unshare', '--mount', '--propagation', 'shared'];
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/**
 * Shows what the programs print and writes it to NAME.log in `directory`; the first that fails ends the stage. Tests
 * leave screens and logs of what failed below OPENCLONE_KEEP (test/support/keep.ts).
 */
export async function runStage(stage: Stage, options: Options): Promise<StageResult> {
  const { project, directory, isQuick } = options;
  const startedAt = performance.now();
  const logFile = join(directory, `${stage.name}.log`);
  const log = createWriteStream(logFile);
  const { before, environment } = circumstancesOf(stage, options);
  let isPassed = true;
  for (const command of stage.commands(project, isQuick)) {
    const [program = '', ...args] = [...before, ...command];
    const child = spawn(program, args, {
      cwd: project,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(log, { end: false });
      stream.pipe(process.stdout, { end: false });
    }
    const status = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    isPassed = status === 0;
    if (!isPassed) break;
  }
  log.end();
  await finished(log);
  return { isPassed, elapsedMs: performance.now() - startedAt, logFile };
}

/** As whom, and in which environment its programs run. */
function circumstancesOf(
  { dropsRoot, mountsSideBySide, name }: Stage,
  { project, directory, environment }: Options,
): { readonly before: readonly string[]; readonly environment: NodeJS.ProcessEnv } {
  const common = { ...environment, OPENCLONE_KEEP: directory };
  const isRoot = process.getuid?.() === 0;
  const isShut = dropsRoot === true && isRoot && !isReadableForAll(project);
  if (isShut) process.stdout.write('runs as root: this clone is shut to other users\n');
  if (dropsRoot !== true || !isRoot || isShut) {
    const before = mountsSideBySide === true ? IN_SHARED_MOUNTS : [];
    const cache = cacheIn(project, directory, process.getuid?.() ?? 0);
    return { before, environment: { ...common, ...cache } };
  }
  const home = join(directory, `${name}-home`);
  mkdirSync(home);
  for (const path of [directory, home]) chownSync(path, NOBODY, NOBODY);
  return {
    before: AS_NOBODY,
    environment: {
      ...common,
      HOME: home,
      TMPDIR: home,
      ...cacheIn(project, directory, NOBODY),
    },
  };
}

/**
 * What outlives a run, for each user by itself: compiled sources, since most of the time of a short test is the start of
 * Node; and how long each file took. In `directory`, for this run alone, where the project belongs to somebody else.
 */
function cacheIn(project: string, directory: string, uid: number): Record<string, string> {
  const modules = join(project, 'node_modules');
  const parent = canWrite(modules) ? join(modules, '.cache') : directory;
  const cache = join(parent, `tests-${uid}`);
  mkdirSync(cache, { recursive: true });
  if (process.getuid?.() === 0) chownSync(cache, uid, uid);
  return { OPENCLONE_TEST_CACHE: cache, NODE_COMPILE_CACHE: join(cache, 'compiled') };
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether nobody can read the project's files; a clone in a home directory may be shut to others. */
function isReadableForAll(project: string): boolean {
  const [setpriv = '', ...args] = AS_NOBODY;
  return spawnSync(setpriv, [...args, 'test', '-r', join(project, 'package.json')]).status === 0;
}
