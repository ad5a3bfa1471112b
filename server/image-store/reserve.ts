/** What captures leave free on the file system of the images: for the store beside them, and for who has to clean up. */

import { OperatorError } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Bytes } from '../../lib/units.ts';
import { spaceOf } from './write-error.ts';

const MIB = 1024 * 1024;
/** The free space is checked again after this many bytes of all captures together: far less than the smallest reserve. */
const LOOK_BYTES = 16 * MIB;

/** 1 GiB or a hundredth, whichever is smaller, but not below 64 MiB. */
export function reserveBytesOf(sizeBytes: Bytes): Bytes {
  return Math.max(64 * MIB, Math.min(1024 * MIB, Math.floor(sizeBytes / 100)));
}

export class Reserve {
  readonly #path: string;
  readonly #reserveBytesOf: (sizeBytes: Bytes) => Bytes;
  #unseenBytes = 0;

  constructor(path: string, reserveOf: (sizeBytes: Bytes) => Bytes) {
    this.#path = path;
    this.#reserveBytesOf = reserveOf;
  }

  /** Before a stream begins. Throws OperatorError `image-store-full` when captures have to leave what is free. */
  async check(doing: string): Promise<void> {
    const { sizeBytes, freeBytes } = await spaceOf(this.#path);
    const reserveBytes = this.#reserveBytesOf(sizeBytes);
    if (freeBytes >= reserveBytes) return;
    throw new OperatorError({
      code: 'image-store-full',
      message: `${doing} in ${this.#path}, which has ${freeBytes} of ${sizeBytes} bytes free (${formatBytes(freeBytes)}); captures leave ${formatBytes(reserveBytes)}`,
      hint: `Delete images that are not needed any more (openclone image delete NAME) or give the file system of ${this.#path} more room, then capture again.`,
    });
  }

  /** Before `addedBytes` are written: looks now and then, and throws as check() does. */
  async admit(addedBytes: Bytes, doing: string): Promise<void> {
    this.#unseenBytes += addedBytes;
    if (this.#unseenBytes < LOOK_BYTES) return;
    this.#unseenBytes = 0;
    await this.check(doing);
  }
}
