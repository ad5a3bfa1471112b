/** Bytes from a stream into a file, hashed on the way. */

import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Sha256 } from '../../lib/model/names.ts';
import type { Bytes } from '../../lib/units.ts';

export type ReceivedBytes = { readonly sizeBytes: Bytes; readonly sha256: Sha256 };

/** What is gathered for one write: of a network connection come pieces of at most 64 KiB. */
const WRITE_BYTES = 1024 * 1024;
/** The disk begins to write after this much, so that the fsync at the end does not find gigabytes to do. */
const FLUSH_BYTES = 64 * 1024 * 1024;

/** Called before `addedBytes` more are written; throws when they may not be. */
export type Admit = (addedBytes: Bytes) => Promise<void>;

/**
 * Writes all of `source` (of bytes) to a new file at `path`, replacing one that is there, and syncs it. Throws what
 * `admit`, the source or the system throws and leaves the file; the source is not destroyed, since a connection may
 * still have to carry the answer.
 */
export async function receiveBytes(
  source: Readable,
  path: string,
  mode: number,
  admit: Admit,
): Promise<ReceivedBytes> {
  const file = await open(path, 'w', mode);
  try {
    const received = await copyBytes(source, file, admit);
    await file.sync();
    return received;
  } finally {
    await file.close();
  }
}

async function copyBytes(source: Readable, file: FileHandle, admit: Admit): Promise<ReceivedBytes> {
  const hash = createHash('sha256');
  const output = new BackgroundWriter(file);
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('a stream of bytes is needed');
      hash.update(chunk);
      gathered.push(chunk);
      gatheredBytes += chunk.length;
      if (gatheredBytes < WRITE_BYTES) continue;
      await admit(gatheredBytes);
      await output.write(gathered, gatheredBytes);
      gathered = [];
      gatheredBytes = 0;
    }
    await admit(gatheredBytes);
    await output.write(gathered, gatheredBytes);
  } finally {
    // Also on failure: the file is closed next.
    await output.settled();
  }
  const sizeBytes = await output.finish();
  return { sizeBytes, sha256: Sha256.parse(hash.digest('hex')) };
}

/** Writes one batch while the next one is gathered, and lets the disk follow behind. */
class BackgroundWriter {
  readonly #file: FileHandle;
  #positionBytes = 0;
  #flushedBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #flushing: Promise<void> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Resolves when the batch before is written; throws its error. */
  async write(chunks: readonly Uint8Array[], sizeBytes: Bytes): Promise<void> {
    await this.#writing;
    const positionBytes = this.#positionBytes;
    this.#positionBytes += sizeBytes;
    this.#writing = writeAll(this.#file, chunks, positionBytes);
    // It is awaited with the next batch; until then its failure is not unhandled.
    this.#writing.catch(() => undefined);
    if (positionBytes - this.#flushedBytes >= FLUSH_BYTES) {
      await this.#flushing;
      this.#flushedBytes = positionBytes;
      this.#flushing = this.#file.datasync();
      this.#flushing.catch(() => undefined);
    }
  }

  /** Waits until nothing is under way, whatever its outcome. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#flushing]);
  }

  /** The bytes written; throws the error of the last batch or flush. An error of a flush is told only once. */
  async finish(): Promise<Bytes> {
    await this.#writing;
    await this.#flushing;
    return this.#positionBytes;
  }
}

async function writeAll(
  file: FileHandle,
  chunks: readonly Uint8Array[],
  positionBytes: Bytes,
): Promise<void> {
  if (chunks.length === 0) return;
  const { bytesWritten } = await file.writev([...chunks], positionBytes);
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (bytesWritten === sizeBytes) return;
  // A full disk takes a part and says why only when it is asked for the rest.
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  for (let done = 0; done < rest.length;) {
    const position = positionBytes + bytesWritten + done;
    done += (await file.write(rest, done, rest.length - done, position)).bytesWritten;
  }
}
