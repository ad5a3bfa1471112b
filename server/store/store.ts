/** The store: everything the server must know again after a restart. The server is its only writer. */

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { enableArrayMethods, freeze, Immer } from 'immer';
import { Low } from 'lowdb';
import { OperatorError } from '../../lib/errors.ts';
import type { Bytes } from '../../lib/units.ts';
import { DurableFile, MAX_STORE_BYTES } from './durable-file.ts';
import { DirectoryLock } from './lock.ts';
import {
  checkChanges,
  checkedRecordsOf,
  emptyStore,
  STORE_FORMAT,
  type CheckedRecords,
  type StoreData,
} from './schema.ts';
import { surplusTasks } from './surplus-tasks.ts';

/** A change that is durable: what was, what is, and which operator asked for it; null: none did. */
export type MadeChange = {
  readonly before: StoreData;
  readonly after: StoreData;
  readonly by: string | null;
};

/** What follows from changes that are durable, before they are confirmed. */
export type StoreFollower = {
  /** Told of every change. Must not throw. */
  readonly made: (change: MadeChange) => void;
  /**
   * Awaited after each write: a caller that is told of a change finds everything outside that follows from it done, too.
   * Must not reject: what is durable is not taken back.
   */
  readonly durable: () => Promise<void>;
};

/** A change that waits for the next write. */
type WaitingChange = {
  readonly by: string | null;
  /** The data with the change made, and what tells the one who asked; throws what the mutator throws. */
  readonly apply: (data: StoreData) => { next: StoreData; confirm: () => void };
  readonly reject: (error: unknown) => void;
};

export class Store {
  readonly #lock: DirectoryLock;
  readonly #file: DurableFile<StoreData>;
  readonly #low: Low<StoreData>;
  readonly #checked: CheckedRecords;
  /** Freezing is done once a write, not once a change: it costs 1 ms with 10,000 hosts, a change 0.02 ms. */
  readonly #drafts = new Immer({ autoFreeze: false });
  #durable: StoreData;
  #waiting: WaitingChange[] = [];
  #writing: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #writeError: unknown = null;
  readonly #followers = new Set<StoreFollower>();

  private constructor(lock: DirectoryLock, file: DurableFile<StoreData>, low: Low<StoreData>) {
    this.#lock = lock;
    this.#file = file;
    this.#low = low;
    this.#durable = freeze(low.data, true);
    this.#checked = checkedRecordsOf(low.data);
  }

  /**
   * Opens the store of a data directory, which is made when it is missing, and locks it until close() or the end
   * of the process. Throws OperatorError `store-locked`, `store-damaged`, `store-newer` or `store-write-failed`.
   */
  static async open(directory: string, maxBytes = MAX_STORE_BYTES): Promise<Store> {
    // Without it, find() and its kin make a draft of every record they look at: 5 ms for 10,000 hosts, not 0.2.
    enableArrayMethods();
    await makeDirectory(directory);
    const lock = await DirectoryLock.take(directory);
    try {
      const file = new DurableFile(directory, STORE_FORMAT, maxBytes);
      const stored = await file.read();
      const low = new Low<StoreData>(file, stored === null ? emptyStore() : withRoom(stored, file));
      if (stored === null) await low.write();
      return new Store(lock, file, low);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * What is durable now: nothing in it will ever be taken back. Deeply frozen, and never changed in place, so it
   * may be kept; a later call returns newer data that shares all unchanged records. Decisions that a change
   * depends on belong into its mutator, because changes that are on their way are not in here yet.
   */
  read(): StoreData {
    return this.#durable;
  }

  /**
   * Lets `mutator` change a draft of the data and resolves with its result, in which drafts have become records,
   * once the change is durable. `mutator` is synchronous, sees every change asked for before it, and changes
   * nothing if it throws. (Predicates of find() and its kin see records, not drafts: they must not change them.)
   * It may run later than this call returns: changes asked for during a write are made and written together after
   * it. Rejects with what the mutator threw, with ZodError when its change does not fit the
   * schema, or with OperatorError `store-write-failed`; then none of the changes of that write has been made. `by`: the
   * operator who asks for it.
   */
  change<T>(mutator: (draft: StoreData) => T, by: string | null = null): Promise<T> {
    if (this.#closing !== null) return Promise.reject(new Error('changing a store that is closed'));
    return new Promise<T>((resolve, reject) => {
      const apply: WaitingChange['apply'] = (data) => {
        const { next, result } = applyMutator(this.#drafts, data, mutator);
        checkChanges(data, next, this.#checked);
        return { next, confirm: () => resolve(result) };
      };
      this.#waiting.push({ by, apply, reject });
      this.#writing ??= this.#writeWaiting();
    });
  }

  /** Has `follower` do what follows from changes, until the returned function is called; the first one comes first. */
  follow(follower: StoreFollower): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** Where its file is. */
  get directory(): string {
    return dirname(this.#file.path);
  }

  /** How long its file is. */
  get sizeBytes(): Bytes {
    return this.#file.sizeBytes;
  }

  /** How long it may be. */
  get maxBytes(): Bytes {
    return this.#file.maxBytes;
  }

  /** What a record takes in it. */
  bytesOf(record: object): Bytes {
    return this.#file.bytesOf(record);
  }

  /** Why the last change could not be written; null when it could. */
  get writeError(): unknown {
    return this.#writeError;
  }

  /** Waits for the changes that have been asked for, then lets the directory go. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await this.#writing;
    this.#lock.release();
  }

  async #writeWaiting(): Promise<void> {
    // Changes asked for in one go share the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#writeBatch(batch);
    }
    this.#writing = null;
  }

  async #writeBatch(batch: readonly WaitingChange[]): Promise<void> {
    let data = this.#durable;
    const made: { confirm: () => void; reject: (error: unknown) => void; change: MadeChange }[] =
      [];
    for (const { by, apply, reject } of batch) {
      try {
        const { next, confirm } = apply(data);
        made.push({ confirm, reject, change: { before: data, after: next, by } });
        data = next;
      } catch (error) {
        reject(error);
      }
    }
    try {
      if (data !== this.#durable) {
        this.#low.data = freeze(data, true);
        await this.#low.write();
        this.#writeError = null;
        this.#durable = data;
        await this.#tellFollowers(made.map(({ change }) => change));
      }
    } catch (error) {
      this.#low.data = this.#durable;
      this.#writeError = error;
      for (const { reject } of made) reject(error);
      return;
    }
    for (const { confirm } of made) confirm();
  }

  async #tellFollowers(changes: readonly MadeChange[]): Promise<void> {
    for (const { made, durable } of this.#followers) {
      for (const change of changes) if (change.after !== change.before) made(change);
      await durable();
    }
  }
}

/** `data` as it is, or without what there is no room for when the next reports would not fit; the next change writes it. */
function withRoom(data: StoreData, file: DurableFile<StoreData>): StoreData {
  if (file.sizeBytes <= (file.maxBytes * 3) / 4) return data;
  const surplus = surplusTasks(data.tasks, file);
  return { ...data, tasks: data.tasks.filter(({ id }) => !surplus.has(id)) };
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new OperatorError({
      code: 'store-write-failed',
      message: `making the data directory ${directory}`,
      hint: 'Name a directory that can be made and written to.',
      cause,
    });
  }
}

/**
 * The data that `mutator` makes of `data`, sharing what is unchanged. Its result takes part as a
 * neighbour of the data, so that drafts in it become the records they stand for. Two signatures, because what
 * passes through immer as unknown comes out as the T it went in.
 */
function applyMutator<T>(
  drafts: Immer,
  data: StoreData,
  mutator: (draft: StoreData) => T,
): { next: StoreData; result: T };
function applyMutator(
  drafts: Immer,
  data: StoreData,
  mutator: (draft: StoreData) => unknown,
): { next: StoreData; result: unknown } {
  const before: { next: StoreData; result: unknown } = { next: data, result: undefined };
  return drafts.produce(before, (draft) => {
    const result = mutator(draft.next);
    if (result instanceof Promise)
      throw new TypeError('a mutator of the store must be synchronous');
    draft.result = result;
  });
}
