/** flock(1): an exclusive lock on a file, a directory or a device, held until we let it go or end. */

import { closeSync, writeSync } from 'node:fs';
import { makePipe } from './pipe.ts';
import { toolError } from './run.ts';
import { startService } from './service.ts';

/** flock(1), EXIT STATUS: the lock is held by somebody else. */
const STATUS_TAKEN = 1;

/**
 * Takes the lock and returns the function that releases it, or null when another process has it, still after `waitSeconds`. Throws
 * `tool-failed`.
 */
export async function holdLock(
  path: string,
  waitSeconds = 0,
): Promise<(() => Promise<void>) | null> {
  const pipe = makePipe();
  const wait = waitSeconds === 0 ? ['--nonblock'] : ['--timeout', String(waitSeconds)];
  const args = ['--exclusive', ...wait, path, 'tee', '--output-error=exit'];
  // tee runs, and answers, only once the lock is held; then it holds it until its input ends. Written before it is
  // started: when the lock is taken, nobody may be left to read.
  writeSync(pipe.writeFd, 'locked\n');
  let said = '';
  const holder = startService('flock', args, {
    deathSignal: 'KILL',
    input: pipe.readFd,
    output: 'stream',
    onText: (text) => (said += text),
  });
  closeSync(pipe.readFd);
  const locked = new Promise<boolean>((resolve) => {
    holder.output?.once('data', () => resolve(true));
    void holder.ended.then(() => resolve(false));
  });
  if (!(await locked)) {
    closeSync(pipe.writeFd);
    const { status, signal } = await holder.ended;
    if (status === STATUS_TAKEN) return null;
    throw toolError('flock', args, { missing: status === null, status, signal, stderr: said });
  }
  let held = true;
  return async () => {
    if (!held) return;
    held = false;
    closeSync(pipe.writeFd);
    await holder.ended;
  };
}
