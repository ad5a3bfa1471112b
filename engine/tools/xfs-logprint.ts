/** xfs_logprint(8): the state of an XFS log. */

import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';

/**
 * Whether the log has changes that are not yet in the file system itself. Throws `tool-missing`, `tool-failed`, also
 * when the program does not say.
 */
export async function isLogDirty(run: Run, device: string): Promise<boolean> {
  const { stdout } = await run('xfs_logprint', ['-t', device], { timeoutMs: 60_000 });
  const state = parseLogState(stdout);
  if (state !== null) return state === 'DIRTY';
  throw new OperatorError({
    code: 'tool-failed',
    message: `reading what xfs_logprint says of the log on ${device}`,
    hint: 'Look whether the version of xfsprogs on this machine is one that OpenClone knows.',
  });
}

/** The word behind "state:" in what `xfs_logprint -t` prints, null when there is none. */
export function parseLogState(text: string): 'CLEAN' | 'DIRTY' | null {
  const state = /^\s*log tail: .* state: <(CLEAN|DIRTY)>$/m.exec(text)?.[1];
  return state === 'CLEAN' || state === 'DIRTY' ? state : null;
}
