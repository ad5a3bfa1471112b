/** The lock that keeps a second server away from a data directory. */

import { closeSync, constants, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import { toolError } from '../../lib/exec/run.ts';
import { startService } from '../../lib/exec/service.ts';

/** What flock(1) shall end with when somebody else has the lock. */
const CONFLICT_STATUS = 77;
/** A holder that was killed a moment ago may still be on its way out. */
const PATIENCE_SECONDS = '0.5';

/**
 * A flock(2) on the data directory itself: it is bound to the directory's inode whatever path or namespace it is
 * reached by, there is no lock file that could be deleted, and the kernel takes it back when this process ends,
 * however it ends. Node has no flock, but the lock belongs to the open file description: flock(1) locks the
 * descriptor it is handed, ends, and the lock stays with ours (flock(2)). Children do not get it: Node opens with
 * O_CLOEXEC.
 */
export class DirectoryLock {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Throws OperatorError `store-locked` that names the holder, `tool-missing` or `tool-failed`. */
  static async take(directory: string): Promise<DirectoryLock> {
    // Not a FileHandle: that would be closed, and the lock lost, when it is garbage.
    const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await flock(directory, fd);
      // For people only: whether the lock is held is the kernel's knowledge.
      await writeFile(holderPath(directory), `${process.pid}\n`, { mode: 0o600 });
      return new DirectoryLock(fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Once only. */
  release(): void {
    closeSync(this.#fd);
  }
}

function holderPath(directory: string): string {
  return join(directory, 'lock-holder');
}

async function flock(directory: string, fd: number): Promise<void> {
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
  if (end.status === CONFLICT_STATUS) throw await lockedError(directory);
  throw toolError('flock', args, { missing: tool.pid === null, ...end, stderr });
}

async function lockedError(directory: string): Promise<OperatorError> {
  const holder = await readFile(holderPath(directory), 'utf8').catch(() => '');
  const pid = /^\d+$/m.exec(holder)?.[0];
  return new OperatorError({
    code: 'store-locked',
    message: `opening the store in ${directory}: ${
      pid === undefined ? 'another process' : `process ${pid}`
    } has it open`,
    hint: 'Only one server may use a data directory. Stop the other one, or give this one a directory of its own.',
  });
}
