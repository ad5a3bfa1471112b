/** btrfs-inspect-internal(8): the super block of a btrfs. */

import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';

/**
 * Whether there is a log tree: what was synced shortly before a power cut, and is replayed at the next mount. Throws
 * `tool-missing`, `tool-failed`, also when the program does not say.
 */
export async function hasLogTree(run: Run, device: string): Promise<boolean> {
  const { stdout } = await run('btrfs', ['inspect-internal', 'dump-super', device]);
  const root = parseLogRoot(stdout);
  if (root !== null) return root !== '0';
  throw new OperatorError({
    code: 'tool-failed',
    message: `reading what btrfs inspect-internal says of the super block on ${device}`,
    hint: 'Look whether the version of btrfs-progs on this machine is one that OpenClone knows.',
  });
}

/** The number behind "log_root", null when there is none. */
export function parseLogRoot(text: string): string | null {
  return /^log_root\s+(\d+)\s*$/m.exec(text)?.[1] ?? null;
}
