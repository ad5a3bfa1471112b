/** Reads which version a store has without opening it, and puts back the copy that a migration kept. */

import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import type { RestoreOutcome, StoreState } from '../../lib/model/store-state.ts';
import { systemCodeOf, writeDurably } from './durable-write.ts';
import { DirectoryLock } from './lock.ts';
import { STORE_VERSION } from './schema.ts';
import { storeFiles } from './store-files.ts';

const AnyStore = z.object({ schemaVersion: z.int() });

/** Changes nothing, and needs no lock: at every moment there is a whole store. */
export async function readStoreState(directory: string): Promise<StoreState> {
  const { store, ofVersion } = storeFiles(directory);
  const older = Array.from({ length: STORE_VERSION }, (_, index) => index + 1);
  const copies: StoreState['copies'] = [];
  for (const version of older) {
    const path = ofVersion(version);
    if (await isThere(path)) copies.push({ version, path });
  }
  return { path: store, version: await versionOf(store), knownVersion: STORE_VERSION, copies };
}

/** null when there is no store, or none that can be read: opening it says what is wrong. */
async function versionOf(store: string): Promise<number | null> {
  const text = await readFile(store, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return AnyStore.parse(JSON.parse(text)).schemaVersion;
  } catch {
    return null;
  }
}

/**
 * Takes a migration back: the copy of `version` becomes the store again, when nothing but the migration was written
 * since. Throws OperatorError `store-locked` while a server has the store, `not-found` when there is no such copy,
 * `store-write-failed`.
 */
export async function restoreStore(directory: string, version: number): Promise<RestoreOutcome> {
  const { store, previous, ofVersion } = storeFiles(directory);
  const lock = await DirectoryLock.take(directory);
  try {
    const kept = await readCopy(ofVersion(version));
    // It was put back already: what an older server has written since looks like nothing but the migration.
    const now = await versionOf(store);
    if (now !== null && now <= version) return { type: 'changed-since' };
    // The store before the migration is what came before the newest write: so there was no other one since.
    if (!(await readCopy(previous)).equals(kept)) return { type: 'changed-since' };
    const { mode } = await stat(store);
    await writeDurably(store, kept, { mode: mode & 0o777 });
    return { type: 'restored' };
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause;
    throw new OperatorError({
      code: 'store-write-failed',
      message: `putting back the store of version ${version} in ${directory}`,
      hint: `See to the file system of ${directory}, then try again.`,
      cause,
    });
  } finally {
    lock.release();
  }
}

async function readCopy(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (systemCodeOf(cause) !== 'ENOENT') throw cause;
    throw new OperatorError({
      code: 'not-found',
      message: `looking for the copy of the store ${path}`,
      hint: 'Restore the store from a backup.',
      cause,
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
