/** flock(2) on a file descriptor of ours. */

import { toolError } from '../../lib/exec/run.ts';
import { startService } from '../../lib/exec/service.ts';

/** The exit status that flock(1) is to end with when another process has the lock. */
const CONFLICT_STATUS = 77;
/** A holder that was killed a moment ago may still be on its way out. */
const PATIENCE_SECONDS = '0.5';

/**
 * Locks `fd` until it is closed, or this process ends, however it ends. Node has no flock, but the lock belongs to the
 * open file description: flock(1) locks the descriptor it is handed, ends, and the lock stays with ours. Children do
 * not get it: Node opens with O_CLOEXEC. Throws what `lockedError` makes when somebody else has it, else `tool-missing`
 * or `tool-failed`.
 */
export async function lockDescriptor(fd: number, lockedError: () => Promise<Error>): Promise<void> {
  const args = ['--wait', PATIENCE_SECONDS, '--conflict-exit-code', String(CONFLICT_STATUS), '0'];
  let stderr = '';
  const tool = startService('flock', args, {
    deathSignal: 'KILL',
    input: fd,
    output: 'none',
    onText: (text) => (stderr += text),
  });
  const end = await tool.ended;
  if (end.status === 0) return;
  if (end.status === CONFLICT_STATUS) throw await lockedError();
  throw toolError('flock', args, { missing: tool.pid === null, ...end, stderr });
}
