/** How many hosts the running server works on, as the installed command tells. */

import { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';
import { COMMAND } from './steps/command.ts';
import { realPath, type System } from './system.ts';

/** Of whatever version the running server is. */
const Status = z.object({
  tasks: z.array(z.object({ runs: z.array(z.object({ state: z.string() })) })),
});

/** 0 when no server answers: nothing can be disturbed then. */
export async function runsUnderWay(system: System): Promise<number> {
  try {
    const { stdout } = await system.run(realPath(system, COMMAND), ['status', '--json'], {
      timeoutMs: 20_000,
    });
    return countRuns(stdout);
  } catch (error) {
    if (error instanceof OperatorError) return 0;
    throw error;
  }
}

/** From what `openclone status --json` prints. */
export function countRuns(text: string): number {
  return Status.parse(JSON.parse(text)).tasks.flatMap(({ runs }) =>
    runs.filter(({ state }) => state === 'running'),
  ).length;
}
