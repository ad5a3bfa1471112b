/** What the tests of lib/exec see of programs that run: through /proc and FIFOs, so that none has to wait blindly. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../../lib/exec/run.ts';

/** Gives `use` a directory with an empty FIFO, and removes both. */
export async function withFifo(
  use: (fifo: string, directory: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-test-'));
  try {
    const fifo = join(directory, 'fifo');
    await run('mkfifo', [fifo]);
    await use(fifo, directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Whether the process is over; one that only waits to be collected is. */
export function isOver(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

/** Waits until all are over: one that was killed closes its files a moment before that. */
export async function untilOver(pids: readonly number[]): Promise<void> {
  for (let attempt = 0; !pids.every(isOver); attempt += 1) {
    assert.ok(attempt < 1000, `still running: ${pids.filter((pid) => !isOver(pid)).join(' ')}`);
    await delay(10);
  }
}

/** Our open file descriptors. */
export function openFiles(): string[] {
  return readdirSync('/proc/self/fd').sort();
}

/** Those of them that are open on a pipe of lib/exec/pipe. */
export function openPipes(): string[] {
  return openFiles().filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('/openclone-pipe-');
    } catch {
      // The one that the list itself was read through.
      return false;
    }
  });
}
