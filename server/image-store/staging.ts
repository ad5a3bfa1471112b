/** One capture's streams on their way in, until they become a version of an image or are thrown away. */

import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { formatBytes, printable } from '../../lib/format.ts';
import type { Bytes } from '../../lib/units.ts';
import { ImageStream, streamsOf, type Manifest } from '../../lib/model/image.ts';
import { DESCRIPTION_LIMITS } from '../../lib/protocol/message-limits.ts';
import { syncDirectory, systemCodeOf, writeDurably } from '../store/durable-write.ts';
import { Quota } from './quota.ts';
import { receiveBytes, type ReceivedBytes } from './receive-bytes.ts';
import type { Reserve } from './reserve.ts';
import { imageWriteError } from './write-error.ts';

export const FILE_MODE = 0o640;
export const DIRECTORY_MODE = 0o750;
/** Beside the streams: no stream has a capital in its name. */
export const DESCRIPTION = 'DESCRIPTION.json';

/** What is kept of a complete stream beside it, so that a restarted server knows it without reading it again. */
const Receipt = ImageStream.pick({ sizeBytes: true, sha256: true });

type Reception = { readonly source: Readable; readonly done: Promise<ReceivedBytes> };

/** A directory with `image/`, which becomes the version, and `receipts/`: a stream is complete if it has one. */
export class Staging {
  readonly path: string;
  readonly imagePath: string;
  readonly #receptions = new Map<string, Reception>();
  readonly #quota = new Quota();
  readonly #reserve: Reserve;
  #sealed = false;

  private constructor(path: string, reserve: Reserve) {
    this.path = path;
    this.#reserve = reserve;
    this.imagePath = join(path, 'image');
  }

  /** Makes the directory, or goes on with the one that a server before left. `path` ends in the run's id. */
  static async open(path: string, reserve: Reserve): Promise<Staging> {
    const staging = new Staging(path, reserve);
    await mkdir(staging.imagePath, { recursive: true, mode: DIRECTORY_MODE });
    await mkdir(staging.#receiptsPath, { recursive: true, mode: DIRECTORY_MODE });
    for (const name of await readdir(staging.imagePath)) {
      const { size } = await stat(join(staging.imagePath, name));
      staging.#quota.begin(name, size, staging.#doing(name));
    }
    return staging;
  }

  /**
   * Stores a stream; when it resolves, the stream is on the disk. A stream sent again replaces the one before, and
   * breaks off one that is still coming in. All streams together have at most `maxBytes`. On failure nothing is left
   * under that name. Throws OperatorError `bad-argument`, `not-allowed`, `stream-broken` (the source failed),
   * `capture-too-large`, `image-store-full`, `image-write-failed`.
   * `source` is not destroyed by a failure here: the owner of the connection may still answer on it.
   */
  async receive(name: string, source: Readable, maxBytes: Bytes): Promise<ReceivedBytes> {
    const doing = this.#doing(name);
    checkName(name, doing);
    return this.#receiveOnce(name, source, doing, () => {
      this.#quota.begin(name, 0, doing);
      return this.#store(name, source, maxBytes);
    });
  }

  /** Stores the description of the whole image, which is no stream, in the same way; throws the same. */
  async receiveDescription(source: Readable): Promise<ReceivedBytes> {
    const doing = this.#doing(DESCRIPTION);
    return this.#receiveOnce(DESCRIPTION, source, doing, () =>
      this.#storeDescription(source, doing),
    );
  }

  async #receiveOnce(
    name: string,
    source: Readable,
    doing: string,
    store: () => Promise<ReceivedBytes>,
  ): Promise<ReceivedBytes> {
    for (let earlier = this.#receptions.get(name); earlier !== undefined;) {
      await breakOff(earlier, `${name} is being sent again`);
      earlier = this.#receptions.get(name);
    }
    if (this.#sealed) throw sealedError(doing);
    // Reading it tells of its failure; before and after that nobody may be listening.
    source.on('error', () => undefined);
    const done = store().finally(() => this.#receptions.delete(name));
    this.#receptions.set(name, { source, done });
    return done;
  }

  /**
   * Proves that the streams of `manifest` are here, exactly those, and as they were when they came in; no more come
   * in from then on. Throws OperatorError `stream-wrong` or `hash-mismatch`; then the staging goes on.
   */
  async seal(manifest: Manifest): Promise<void> {
    const doing = `completing the image "${manifest.name}" of ${basename(this.path)}`;
    if (this.#sealed) throw sealedError(doing);
    this.#sealed = true;
    try {
      await this.#check(manifest, doing);
    } catch (error) {
      this.#sealed = false;
      throw error;
    }
  }

  /** Takes seal() back, when the next thing failed. */
  unseal(): void {
    this.#sealed = false;
  }

  /** Breaks off everything that comes in; nothing does any more. The directory is the caller's to remove. */
  async end(reason: string): Promise<void> {
    this.#sealed = true;
    await Promise.all([...this.#receptions.values()].map((each) => breakOff(each, reason)));
  }

  get #receiptsPath(): string {
    return join(this.path, 'receipts');
  }

  #receiptPath(name: string): string {
    return join(this.#receiptsPath, `${name}.json`);
  }

  #doing(name: string): string {
    return `storing the stream ${printable(name).slice(0, 80)} of ${basename(this.path)}`;
  }

  async #store(name: string, source: Readable, maxBytes: Bytes): Promise<ReceivedBytes> {
    const doing = this.#doing(name);
    const path = join(this.imagePath, name);
    try {
      // The receipt goes first and comes last: there is never one beside other bytes.
      await rm(this.#receiptPath(name), { force: true });
      await syncDirectory(this.#receiptsPath);
      await rm(path, { force: true });
      await this.#reserve.check(doing);
      const received = await receiveBytes(source, path, FILE_MODE, async (addedBytes) => {
        this.#quota.admit(name, addedBytes, maxBytes, doing);
        await this.#reserve.admit(addedBytes, doing);
      });
      await syncDirectory(this.imagePath);
      await writeDurably(this.#receiptPath(name), JSON.stringify(received), { mode: FILE_MODE });
      return received;
    } catch (cause) {
      await rm(path, { force: true });
      await rm(this.#receiptPath(name), { force: true });
      this.#quota.free(name);
      throw await this.#errorOf(cause, source, doing);
    }
  }

  async #storeDescription(source: Readable, doing: string): Promise<ReceivedBytes> {
    const path = join(this.path, DESCRIPTION);
    const incoming = `${path}.incoming`;
    let sizeBytes = 0;
    try {
      await this.#reserve.check(doing);
      const received = await receiveBytes(source, incoming, FILE_MODE, async (addedBytes) => {
        sizeBytes += addedBytes;
        if (sizeBytes > DESCRIPTION_LIMITS.maxBytes) throw tooLarge(doing);
        await this.#reserve.admit(addedBytes, doing);
      });
      await rename(incoming, path);
      await syncDirectory(this.path);
      return received;
    } catch (cause) {
      await rm(incoming, { force: true });
      throw await this.#errorOf(cause, source, doing);
    }
  }

  async #errorOf(cause: unknown, source: Readable, doing: string): Promise<unknown> {
    if (cause instanceof OperatorError || cause instanceof TypeError) return cause;
    if (source.errored !== null || (source.destroyed && !source.readableEnded)) {
      return brokenError(doing, cause);
    }
    return imageWriteError(`${doing} in`, this.path, cause);
  }

  async #check(manifest: Manifest, doing: string): Promise<void> {
    const streams = streamsOf(manifest);
    const names = new Set(streams.map(({ name }) => name));
    const coming = [...this.#receptions.keys()];
    if (coming.length > 0) throw wrongError(doing, `${coming.join(', ')} is still coming in`);
    if (names.size < streams.length) throw wrongError(doing, 'two streams have the same name');
    for (const present of await readdir(this.imagePath)) {
      if (isStreamName(present) && !names.has(present)) {
        throw wrongError(doing, `the manifest does not know ${present}`);
      }
    }
    for (const stream of streams) {
      const receipt = await this.#readReceipt(stream.name);
      if (receipt === null) throw wrongError(doing, `${stream.name} has not been received`);
      const { size } = await stat(join(this.imagePath, stream.name));
      if (receipt.sha256 === stream.sha256 && receipt.sizeBytes === stream.sizeBytes) {
        if (size === stream.sizeBytes) continue;
      }
      throw new OperatorError({
        code: 'hash-mismatch',
        message: `${doing}: ${stream.name} was announced with ${stream.sizeBytes} bytes and SHA-256 ${stream.sha256}, but came with ${size} bytes and SHA-256 ${receipt.sha256}`,
        hint: 'The data changed between the host and the server: check the network and the memory of both, then capture again.',
      });
    }
  }

  async #readReceipt(name: string): Promise<z.infer<typeof Receipt> | null> {
    try {
      return Receipt.parse(JSON.parse(await readFile(this.#receiptPath(name), 'utf8')));
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }
}

/** Names that are ours in a version's directory: the manifest and what it is written to first. */
const OWN_NAMES = /^manifest\.json(\.|$)/;

function isStreamName(name: string): boolean {
  return ImageStream.shape.name.safeParse(name).success && !OWN_NAMES.test(name);
}

function checkName(name: string, doing: string): void {
  if (isStreamName(name)) return;
  throw new OperatorError({
    code: 'bad-argument',
    message: `${doing}: that is no name of a stream`,
    hint: 'Engine and server may have different versions; else this is a fault in OpenClone.',
  });
}

async function breakOff({ source, done }: Reception, reason: string): Promise<void> {
  source.destroy(new Error(reason));
  // Its failure is told to the one who sent it.
  await done.catch(() => undefined);
}

function tooLarge(doing: string): OperatorError {
  return new OperatorError({
    code: 'capture-too-large',
    message: `${doing}: it has more than ${formatBytes(DESCRIPTION_LIMITS.maxBytes)}`,
    hint: 'No disk has such a partition table: look at the host.',
  });
}

function sealedError(doing: string): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: `${doing}: the capture is being completed or has ended`,
    hint: 'Capture again.',
  });
}

function brokenError(doing: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'stream-broken',
    message: `${doing}: it ended before it was complete`,
    hint: 'See what became of the host and of its connection, then capture again.',
    cause,
  });
}

function wrongError(doing: string, what: string): OperatorError {
  return new OperatorError({
    code: 'stream-wrong',
    message: `${doing}: ${what}`,
    hint: 'Capture again. If it happens again, this is a fault in OpenClone.',
  });
}
