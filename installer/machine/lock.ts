/** One installer at a time on a machine, whatever it is about to do. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../../lib/errors.ts';
import { holdLock } from '../../lib/exec/flock.ts';
import { realPath, type System } from './system.ts';

/** Gone with the next boot. Its text says who holds the lock. */
export const LOCK_FILE = '/run/openclone-installer.lock';

/** What holds the lock for an installer that was killed needs a moment to see that. */
const PATIENCE_MS = 3000;
const POLL_MS = 50;

/** Runs `use` with the lock held. `what` names the work to others. Throws `not-allowed` when another one has it. */
export async function withInstallerLock<T>(
  system: System,
  what: string,
  use: () => Promise<T>,
): Promise<T> {
  const path = realPath(system, LOCK_FILE);
  await mkdir(dirname(path), { recursive: true });
  const release = await take(path);
  try {
    const since = new Date().toTimeString().slice(0, 5);
    await writeFile(path, `process ${process.pid} (${what}), since ${since}\n`);
    return await use();
  } finally {
    await writeFile(path, '');
    await release();
  }
}

async function take(path: string): Promise<() => Promise<void>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const release = await holdLock(path);
    if (release !== null) return release;
    const holder = (await readFile(path, 'utf8').catch(() => '')).trim();
    if (Date.now() >= deadline) throw taken(holder);
    await delay(POLL_MS);
  }
}

function taken(holder: string): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: `starting while another installer of OpenClone works on this machine${holder === '' ? '' : `: ${holder}`}`,
    hint: 'Nothing was changed. Wait until it has ended, or end it, and try again.',
  });
}
