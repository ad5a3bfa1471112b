/** How much one capture may send: what the disk can make of which its host has told. */

import { OperatorError } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Bytes } from '../../lib/units.ts';

/** Far more than the partitions and gaps of a disk; a file each, empty or not. */
const MAX_STREAMS = 1000;

/**
 * Data that cannot be compressed grows by the tools' sums and headers, by far less than a twentieth; a small disk has
 * a table and gaps besides.
 */
export function quotaBytesOf(diskBytes: Bytes): Bytes {
  return Math.ceil(diskBytes * 1.05) + 64 * 1024 * 1024;
}

/** What the streams of one capture hold, those that are still coming in too. */
export class Quota {
  readonly #streamBytes = new Map<string, Bytes>();
  #usedBytes = 0;

  /** A stream is there already, or begins, in place of one of the same name. */
  begin(name: string, sizeBytes: Bytes, doing: string): void {
    if (!this.#streamBytes.has(name) && this.#streamBytes.size >= MAX_STREAMS) {
      throw new OperatorError({
        code: 'capture-too-large',
        message: `${doing}: there are ${MAX_STREAMS} streams already, the most that a capture may have`,
        hint: 'Look at the host: no disk has as many partitions. Is it what it says it is?',
      });
    }
    this.free(name);
    this.#streamBytes.set(name, sizeBytes);
    this.#usedBytes += sizeBytes;
  }

  /** Counts what is about to be written. Throws OperatorError `capture-too-large`, and counts nothing then. */
  admit(name: string, addedBytes: Bytes, maxBytes: Bytes, doing: string): void {
    if (this.#usedBytes + addedBytes > maxBytes) {
      throw new OperatorError({
        code: 'capture-too-large',
        message: `${doing}: all streams together would have more than the ${formatBytes(maxBytes)} that the disk can make of which the host has told`,
        hint: 'Look at the host: is it what it says it is, and its disk as large as `openclone host show` says? Then capture again.',
      });
    }
    this.#streamBytes.set(name, (this.#streamBytes.get(name) ?? 0) + addedBytes);
    this.#usedBytes += addedBytes;
  }

  /** The stream is gone. */
  free(name: string): void {
    this.#usedBytes -= this.#streamBytes.get(name) ?? 0;
    this.#streamBytes.delete(name);
  }
}
