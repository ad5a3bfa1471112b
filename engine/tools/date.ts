/** date(1) of coreutils: the system clock. The hardware clock stays as it is. */

import type { Run } from '../../lib/exec/run.ts';

/** Sets the clock of this machine to `epochMs`. Throws `tool-missing`, `tool-failed`. */
export async function setSystemClock(run: Run, epochMs: number): Promise<void> {
  await run('date', ['--utc', `--set=@${(epochMs / 1000).toFixed(3)}`]);
}
