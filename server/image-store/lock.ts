/** The lock that keeps a second server, which may have another data directory, away from an image directory. */

import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import { IMAGE_LOCK_NAME } from '../../lib/model/image.ts';
import { isFull } from '../store/durable-write.ts';
import { lockDescriptor } from '../store/lock-descriptor.ts';

const LOCK_MODE = 0o600;

/**
 * A flock(2) on a file in the directory, not on the directory as for the store: images may lie on a NAS, and NFS locks
 * only what is open for writing (flock(2)); two servers are kept apart there, too.
 */
export class ImageLock {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Throws OperatorError `store-locked` that names the holder, `tool-missing`, `tool-failed`, or what the system throws. */
  static async take(directory: string): Promise<ImageLock> {
    // Not a FileHandle: that would be closed, and the lock lost, when it is garbage.
    const fd = openSync(
      join(directory, IMAGE_LOCK_NAME),
      constants.O_RDWR | constants.O_CREAT,
      LOCK_MODE,
    );
    try {
      await lockDescriptor(fd, () => lockedError(directory));
      noteHolder(fd);
      return new ImageLock(fd);
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

/** For people only: whether the lock is held is the kernel's knowledge, so a full disk may keep it from being written. */
function noteHolder(fd: number): void {
  try {
    ftruncateSync(fd);
    writeSync(fd, `${process.pid} ${hostname()}\n`, 0);
  } catch (error) {
    if (!isFull(error)) throw error;
  }
}

async function lockedError(directory: string): Promise<OperatorError> {
  const text = await readFile(join(directory, IMAGE_LOCK_NAME), 'utf8').catch(() => '');
  const { pid, machine } = /^(?<pid>\d+) (?<machine>\S+)$/m.exec(text)?.groups ?? {};
  const where = machine === undefined || machine === hostname() ? '' : ` on ${machine}`;
  return new OperatorError({
    code: 'store-locked',
    message: `opening the image directory ${directory}: ${
      pid === undefined ? 'another process' : `process ${pid}${where}`
    } has it open`,
    hint: 'Only one server may use an image directory, also when it has a data directory of its own. Stop the other one, or give this one a directory of its own (--images).',
  });
}
