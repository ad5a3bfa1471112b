/** Runs the programs of one stage, and keeps what they print. */

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Stage } from './stages.ts';

export type StageResult = {
  readonly isPassed: boolean;
  readonly elapsedMs: number;
  readonly logFile: string;
};

/**
 * Shows what the programs print and writes it to NAME.log in `directory`; the first that fails ends the stage. Tests
 * leave screens and logs of what failed below OPENCLONE_KEEP (test/support/keep.ts).
 */
export async function runStage(
  { name, commands }: Stage,
  options: {
    readonly project: string;
    readonly directory: string;
    readonly isQuick: boolean;
    readonly environment: NodeJS.ProcessEnv;
  },
): Promise<StageResult> {
  const { project, directory, isQuick, environment } = options;
  const startedAt = performance.now();
  const logFile = join(directory, `${name}.log`);
  const log = createWriteStream(logFile);
  let isPassed = true;
  for (const [program = '', ...args] of commands(project, isQuick)) {
    const child = spawn(program, args, {
      cwd: project,
      env: {
        ...environment,
        OPENCLONE_KEEP: directory,
        // Most of the time of a short test is the start of Node.
        NODE_COMPILE_CACHE: join(project, 'node_modules/.cache/compiled'),
      },
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
