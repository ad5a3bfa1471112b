/** mkswap(8): a swap area with the UUID and label of the one that was captured. */

import type { Run } from '../../lib/exec/run.ts';

export async function makeSwap(
  run: Run,
  device: string,
  { uuid, label }: { readonly uuid: string | null; readonly label: string | null },
): Promise<void> {
  await run('mkswap', [
    '--force',
    ...(uuid === null ? [] : ['--uuid', uuid]),
    ...(label === null ? [] : ['--label', label]),
    device,
  ]);
}
