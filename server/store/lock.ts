/** The lock that keeps a second server away from a data directory. */

import { closeSync, constants, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import { isFull } from './durable-write.ts';
import { lockDescriptor } from './lock-descriptor.ts';

/**
 * A flock(2) on the data directory itself: it is bound to the directory's inode whatever path or namespace it is
 * reached by, there is no lock file that could be deleted, and the kernel takes it back when this process ends,
 * however it ends.
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
      await lockDescriptor(fd, () => lockedError(directory));
      // For people only: whether the lock is held is the kernel's knowledge, so a full disk may keep it from being written.
      await writeFile(holderPath(directory), `${process.pid}\n`, { mode: 0o600 }).catch(
        (cause: unknown) => {
          if (isFull(cause)) return;
          throw new OperatorError({
            code: 'store-write-failed',
            message: `opening ${directory}: nothing can be written there`,
            hint: `See to the file system of ${directory}: it may be mounted read-only, by itself after an error (dmesg). Then start the server again.`,
            cause,
          });
        },
      );
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
