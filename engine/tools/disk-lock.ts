/** flock(1) on the whole disk: udev then keeps its hands off (systemd's BLOCK_DEVICE_LOCKING). */

import { closeSync } from 'node:fs';
import { OperatorError } from '../../lib/errors.ts';
import { makePipe } from '../../lib/exec/pipe.ts';
import { startService } from '../../lib/exec/service.ts';

/**
 * Holds an exclusive lock on `disk` until the answered function is called or the engine ends. Without it udev would
 * read the partition table anew whenever a writer closes the disk, find none, and take our partitions away.
 * Throws `disk-busy` when another program has locked it.
 */
export async function lockDisk(disk: string): Promise<() => Promise<void>> {
  const pipe = makePipe();
  let said = '';
  // cat says with one line that the lock is held, then holds it until its input ends.
  const holder = startService(
    'flock',
    ['--exclusive', '--nonblock', disk, 'sh', '-c', 'echo locked && exec cat'],
    { deathSignal: 'KILL', input: pipe.readFd, output: 'stream', onText: (text) => (said += text) },
  );
  closeSync(pipe.readFd);
  const locked = new Promise<boolean>((resolve) => {
    holder.output?.once('data', () => resolve(true));
    void holder.ended.then(() => resolve(false));
  });
  if (!(await locked)) {
    closeSync(pipe.writeFd);
    throw new OperatorError({
      code: 'disk-busy',
      message: `locking ${disk}: another program has locked it`,
      hint: 'See which one with `lslocks`, and end it.',
      ...(said === '' ? {} : { cause: new Error(said.trim()) }),
    });
  }
  let held = true;
  return async () => {
    if (!held) return;
    held = false;
    closeSync(pipe.writeFd);
    await holder.ended;
  };
}
