/** The store's file on the disk: lowdb's adapter that loses nothing, and never overwrites what it cannot read. */

import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Adapter } from 'lowdb';
import { OperatorError } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Bytes } from '../../lib/units.ts';
import { isFull, keepCopy, syncDirectory, systemCodeOf, writeDurably } from './durable-write.ts';
import {
  formatStoreText,
  parseStoreText,
  recordBytes,
  type ReadResult,
  type RecordLines,
  type StoreFormat,
} from './store-text.ts';
import { storeFiles, type StoreFiles } from './store-files.ts';

/** Secrets such as run tokens stay out of the store, but host names and serial numbers are nobody's business. */
const FILE_MODE = 0o600;

/** 10,000 hosts are 19 MB. A larger file would be rewritten at every change, and read at every start. */
export const MAX_STORE_BYTES = 128 * 1024 * 1024;

/**
 * `store.json` in a data directory, and beside it
 * - `store.json.previous`: the last good copy, which is the content before the newest write;
 * - `store.json.version-N`: what an older program left, kept when it was migrated;
 * - `initialised`: there has been a store here, so a missing file is a loss and not a beginning.
 * One writer at a time: the program that creates one holds the directory's lock.
 */
export class DurableFile<T extends object> implements Adapter<T> {
  readonly path: string;
  readonly #files: StoreFiles;
  readonly #format: StoreFormat<T>;
  readonly maxBytes: Bytes;
  readonly #lines: RecordLines = new WeakMap();
  /** Of the file as it is; 0 while there is none. */
  sizeBytes: Bytes = 0;
  #marked = false;

  constructor(directory: string, format: StoreFormat<T>, maxBytes = MAX_STORE_BYTES) {
    this.#files = storeFiles(directory);
    this.path = this.#files.store;
    this.#format = format;
    this.maxBytes = maxBytes;
  }

  /**
   * The stored data; null when the directory never had a store. An older version is migrated and written first.
   * Throws OperatorError `store-damaged` or `store-newer`, and leaves everything as it is.
   */
  async read(): Promise<T | null> {
    this.#marked = await exists(this.#files.marker);
    this.sizeBytes = await sizeOf(this.path);
    const result = await this.#readFile(this.path);
    switch (result.type) {
      case 'missing':
        if (!this.#marked && !(await exists(this.#files.previous))) return null;
        throw await this.#damaged(result);
      case 'damaged':
        throw await this.#damaged(result);
      case 'newer':
        throw this.#newer(result.version);
      case 'good':
        if (result.fromVersion < this.#format.version) {
          await this.#keepOldVersion(result.fromVersion);
          // However large: it has to open, and became so under other rules.
          await this.#replace(formatStoreText(result.data, this.#lines));
        } else if (!this.#marked) {
          await this.#mark();
        }
        return result.data;
    }
  }

  /**
   * Replaces the stored data; durable when it resolves. Throws OperatorError `store-write-failed`; the file then
   * has its old content.
   */
  async write(data: T): Promise<void> {
    const bytes = formatStoreText(data, this.#lines);
    // What makes it smaller is always possible: that is the way back.
    if (bytes.length > this.maxBytes && bytes.length > this.sizeBytes) {
      throw this.#tooLarge(bytes.length);
    }
    await this.#replace(bytes);
  }

  /** What a record takes in the file. */
  bytesOf(record: object): Bytes {
    return recordBytes(record, this.#lines);
  }

  async #replace(bytes: Buffer): Promise<void> {
    try {
      await writeDurably(this.path, bytes, { mode: FILE_MODE, keepAs: this.#files.previous });
      if (!this.#marked) await this.#mark();
      this.sizeBytes = bytes.length;
    } catch (error) {
      throw this.#writeFailed(error);
    }
  }

  async #mark(): Promise<void> {
    const text =
      'OpenClone has a store in this directory: without this file it would begin a new one.\n';
    await writeDurably(this.#files.marker, text, { mode: FILE_MODE });
    this.#marked = true;
  }

  async #keepOldVersion(version: number): Promise<void> {
    try {
      await keepCopy(this.path, this.#files.ofVersion(version));
      await syncDirectory(dirname(this.path));
    } catch (error) {
      throw this.#writeFailed(error);
    }
  }

  async #readFile(path: string): Promise<ReadResult<T> | { type: 'missing' }> {
    try {
      return parseStoreText(await readFile(path), this.#format);
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return { type: 'missing' };
      return { type: 'damaged', cause: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  async #damaged(
    result: { type: 'missing' } | { type: 'damaged'; cause: Error },
  ): Promise<OperatorError> {
    const missing = result.type === 'missing';
    return new OperatorError({
      code: 'store-damaged',
      message: missing
        ? `opening the store: ${this.path} is gone, but there has been a store in this directory`
        : `opening the store: ${this.path} cannot be read`,
      hint: await this.#wayBack(missing),
      ...(missing ? {} : { cause: result.cause }),
    });
  }

  async #wayBack(missing: boolean): Promise<string> {
    const previous = this.#files.previous;
    const copy = await this.#readFile(previous);
    if (copy.type !== 'good') {
      return `Nothing was changed. There is no good copy at ${previous}: restore ${this.path} from a backup.`;
    }
    const { mtime } = await stat(previous);
    const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
    const takeBack = `cp -p ${quoted(previous)} ${quoted(this.path)}`;
    const setAside = `mv ${quoted(this.path)} ${quoted(`${this.path}.damaged`)}`;
    const command = missing ? takeBack : `${setAside} && ${takeBack}`;
    return `Nothing was changed. The last good copy is ${previous}, written ${mtime.toISOString()}; it lacks the last change. To take it back, run: ${command}`;
  }

  #newer(version: number): OperatorError {
    return new OperatorError({
      code: 'store-newer',
      message: `opening the store ${this.path}: it has version ${version}, this program knows version ${this.#format.version}`,
      hint: `Nothing was changed. A newer OpenClone has written this store: start that one, or restore a copy from before the update (${this.#files.ofVersion(this.#format.version)}, if it is there).`,
    });
  }

  #tooLarge(sizeBytes: Bytes): OperatorError {
    return new OperatorError({
      code: 'store-write-failed',
      message: `writing the store ${this.path}: it would have ${formatBytes(sizeBytes)}, and the most is ${formatBytes(this.maxBytes)}`,
      hint: 'The change was not made. Cancel tasks that nobody needs any more (openclone task list, openclone task cancel): the oldest ended ones go when the next one is made. Delete hosts that nobody knows (openclone host list, openclone host delete).',
    });
  }

  #writeFailed(cause: unknown): OperatorError {
    return new OperatorError({
      code: 'store-write-failed',
      message: `writing the store ${this.path}`,
      hint: isFull(cause)
        ? `The change was not made. Make room on the file system of ${dirname(this.path)}, then try again.`
        : `The change was not made. See to the disk and the permissions of ${dirname(this.path)}, then try again.`,
      cause,
    });
  }
}

async function sizeOf(path: string): Promise<Bytes> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
