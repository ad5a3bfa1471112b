/** wipefs(8): takes away the signatures of what was there before, so that nothing finds two on one device. */

import type { Run } from '../../lib/exec/run.ts';

export async function wipeSignatures(run: Run, device: string): Promise<void> {
  await run('wipefs', ['--all', '--force', '--quiet', device]);
}
