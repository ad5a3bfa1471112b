/** A kernel pipe between two programs: bulk data moves without passing through JavaScript. */

import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Pipe = { readonly readFd: number; readonly writeFd: number };

/**
 * Makes a pipe whose two ends are file descriptors of this process, to be handed to children and then closed
 * here. Node has no pipe(2): this is a FIFO (mkfifo(1)) that is unlinked once both ends are open. Unlike the
 * socket pairs of `stdio: 'pipe'` a program may open it again as /dev/fd/N.
 */
export function makePipe(): Pipe {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-pipe-'));
  try {
    const path = join(directory, 'pipe');
    execFileSync('mkfifo', ['-m', '600', path]);
    // Opening for both reading and writing never blocks (fifo(7)), and lets the two ends open without waiting.
    const both = openSync(path, constants.O_RDWR);
    try {
      const readFd = openSync(path, constants.O_RDONLY);
      const writeFd = openSync(path, constants.O_WRONLY);
      return { readFd, writeFd };
    } finally {
      closeSync(both);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
