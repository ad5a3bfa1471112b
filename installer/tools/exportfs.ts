/** exportfs(8) */

import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';

/** Lets the kernel's NFS server read all exports again, where there is one. */
export async function readExportsAgain(run: Run): Promise<void> {
  try {
    // 1: no NFS server runs in this kernel.
    await run('exportfs', ['-ra'], { allowedStatuses: [0, 1] });
  } catch (error) {
    // Another NFS server serves, and reads its own configuration.
    if (!(error instanceof OperatorError && error.code === 'tool-missing')) throw error;
  }
}
