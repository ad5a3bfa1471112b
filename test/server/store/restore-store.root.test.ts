/** The store is put back by the server's own program, with the rights of the account that the store belongs to. */

import assert from 'node:assert/strict';
import { chown, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { run } from '../../../lib/exec/run.ts';
import { StoreState } from '../../../lib/model/store-state.ts';
import { DirectoryLock } from '../../../server/store/lock.ts';
import { readStoreState, restoreStore } from '../../../server/store/restore-store.ts';
import { STORE_VERSION } from '../../../server/store/schema.ts';
import { storeFiles } from '../../../server/store/store-files.ts';
import { withDirectory } from '../../support/directories.ts';

const MAIN = join(import.meta.dirname, '../../../server/main.ts');
const VERSION_1 = join(import.meta.dirname, '../../fixtures/store/version-1.json');
const NOBODY = 65_534;

/** A directory with a store that a migration from version 1 has just written. */
async function migrated(directory: string): Promise<void> {
  const { store, previous, ofVersion } = storeFiles(directory);
  await writeFile(store, JSON.stringify({ schemaVersion: STORE_VERSION }), { mode: 0o600 });
  for (const copy of [previous, ofVersion(1)]) await copyFile(VERSION_1, copy);
}

/** What the server's program says to `options`, as the installer asks it. */
async function asked(directory: string, ...options: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [MAIN, '--data', directory, ...options]);
  return JSON.parse(stdout);
}

describe('the state of a store', () => {
  test('the state of a store is read with the rights of the account that the directory belongs to, not with those of root', async () => {
    await withDirectory(async (directory) => {
      await migrated(directory);
      const { store } = storeFiles(directory);
      await chown(directory, NOBODY, NOBODY);
      const version = async (): Promise<number | null> =>
        StoreState.parse(await asked(directory, '--store-state')).version;
      // The store is still root's alone.
      assert.equal(await version(), null);
      await chown(store, NOBODY, NOBODY);
      assert.equal(await version(), STORE_VERSION);
    });
  });
});

describe('a store that is put back', () => {
  test('a store that is put back is the copy of before the migration, and belongs to the account that the directory belongs to', async () => {
    await withDirectory(async (directory) => {
      await migrated(directory);
      await chown(directory, NOBODY, NOBODY);
      for (const name of Object.values(storeFiles(directory))) {
        if (typeof name === 'string') await chown(name, NOBODY, NOBODY).catch(() => undefined);
      }
      await chown(storeFiles(directory).ofVersion(1), NOBODY, NOBODY);
      assert.deepEqual(await asked(directory, '--restore-store', '1'), { type: 'restored' });
      const { store } = storeFiles(directory);
      assert.ok((await readFile(store)).equals(await readFile(VERSION_1)));
      for (const path of [store, join(directory, 'lock-holder')]) {
        const { uid, mode } = await stat(path);
        assert.deepEqual([uid, mode & 0o777], [NOBODY, 0o600], path);
      }
      assert.equal((await readStoreState(directory)).version, 1);
    });
  });

  test('a store that is put back stays as it is while a server has it, and when there is no copy of that version', async () => {
    await withDirectory(async (directory) => {
      await migrated(directory);
      const fails = (version: number, code: string): Promise<void> =>
        assert.rejects(
          restoreStore(directory, version),
          (error) => error instanceof OperatorError && error.code === code,
        );
      const lock = await DirectoryLock.take(directory);
      await fails(1, 'store-locked');
      lock.release();
      await fails(2, 'not-found');
      assert.equal((await readStoreState(directory)).version, STORE_VERSION);
    });
  });

  test('a store that is put back is not put back again over what an older server has written since', async () => {
    await withDirectory(async (directory) => {
      await migrated(directory);
      const { store, previous } = storeFiles(directory);
      assert.deepEqual(await restoreStore(directory, 1), { type: 'restored' });
      // As every write of a server: what was there becomes the one before.
      await copyFile(store, previous);
      const changed = JSON.stringify({ schemaVersion: 1, hosts: ['one more'] });
      await writeFile(store, changed);
      assert.deepEqual(await restoreStore(directory, 1), { type: 'changed-since' });
      assert.equal(await readFile(store, 'utf8'), changed);
    });
  });
});
