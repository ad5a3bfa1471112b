/** sfdisk(8): the partition table as a script that people can use without OpenClone. */

import type { Run } from '../../lib/exec/run.ts';

/** What `sfdisk --dump` prints. */
export async function dumpTable(run: Run, disk: string): Promise<string> {
  return (await run('sfdisk', ['--dump', disk])).stdout;
}
