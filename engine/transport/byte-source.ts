/** Reads a stream of bytes by exact amounts. */

import type { Readable } from 'node:stream';
import { OperatorError } from '../../lib/errors.ts';
import type { Bytes } from '../../lib/units.ts';

export class ByteSource {
  readonly #chunks: AsyncIterator<unknown>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /**
   * The next bytes, at least one and at most `maxBytes`; null at the end. Throws `stream-broken` when the stream
   * fails.
   */
  async next(maxBytes: Bytes): Promise<Buffer | null> {
    if (this.#rest.length === 0) {
      const chunk = await this.#chunks.next().catch((cause: unknown) => {
        throw brokenStream(null, cause);
      });
      if (chunk.done === true) return null;
      if (!Buffer.isBuffer(chunk.value)) throw new TypeError('a byte stream was read as text');
      this.#rest = chunk.value;
    }
    const taken = this.#rest.subarray(0, maxBytes);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Exactly `count` bytes. Throws `stream-broken` when the stream ends before. */
  async exactly(count: Bytes): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const part = await this.next(missing);
      if (part === null) throw brokenStream(missing);
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }
}

/** The error of a transmission that ended `missingBytes` early; null when nobody knows how many. */
export function brokenStream(missingBytes: Bytes | null, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'stream-broken',
    message: `receiving the image: the transmission ended ${missingBytes === null ? '' : `${missingBytes} bytes `}too early`,
    hint: 'The server or the network failed, or this host was dropped for being too slow. Deploy again to this host.',
    cause,
  });
}
