import assert from 'node:assert/strict';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import type { Problem } from '../../../lib/model/status.ts';
import { storageProblems } from '../../../server/views/storage-problems.ts';
import { ImageStore } from '../../../server/image-store/image-store.ts';
import { spaceOf } from '../../../server/image-store/write-error.ts';
import { Store } from '../../../server/store/store.ts';
import { withTmpfs } from '../store/file-systems.ts';
import { withDirectory } from '../../support/directories.ts';
import { english } from '../../support/messages.ts';

const MIB = 1024 * 1024;
const SOUND = { sizeBytes: 0, writeError: null };

/** What is said of images in one directory and the store's files in another. */
function problemsOf(imageDirectory: string, directory: string): Promise<Problem[]> {
  const images = { space: () => spaceOf(imageDirectory) };
  return storageProblems({ images, store: { ...SOUND, directory } });
}

/** Takes all but `leftBytes`; returns the file that does. */
async function fill(directory: string, leftBytes: number): Promise<string> {
  const path = join(directory, 'ballast');
  const { bsize, bavail } = await statfs(directory);
  await writeFile(path, Buffer.alloc(bavail * bsize - leftBytes));
  return path;
}

test('a file system below the reserve is named, once if it holds images and data', async () => {
  await withTmpfs(160 * MIB, async (images) => {
    await withTmpfs(160 * MIB, async (data) => {
      assert.deepEqual(await problemsOf(images, data), []);
      const ballast = await fill(images, 64 * MIB);
      assert.deepEqual(await problemsOf(images, data), []);
      await writeFile(join(images, 'more'), 'x');
      const [problem, ...others] = await problemsOf(images, images);
      assert.deepEqual(others, []);
      assert.ok(problem !== undefined);
      assert.match(english(problem.what), /less than the reserve of 67\.1 MB/);
      assert.ok(english(problem.what).includes(images));
      assert.match(english(problem.hint), /openclone image delete/);
      await rm(ballast);
      await fill(data, 0);
      const [ofData, ...more] = await problemsOf(images, data);
      assert.deepEqual(more, []);
      assert.ok(english(ofData?.what).includes(data));
    });
  });
});

test('a file system that is read-only is named', async () => {
  await withTmpfs(160 * MIB, async (images) => {
    await withTmpfs(160 * MIB, async (data) => {
      await run('mount', ['-o', 'remount,ro', data]);
      const [problem, ...others] = await problemsOf(images, data);
      assert.deepEqual(others, []);
      assert.equal(
        english(problem?.what),
        `nothing can be stored in ${data}: its file system is read-only`,
      );
      await run('mount', ['-o', 'remount,rw', data]);
      assert.deepEqual(await problemsOf(images, data), []);
    });
  });
});

test('a store whose last change could not be written is named until one can', async () => {
  await withTmpfs(160 * MIB, async (directory) => {
    const images = await ImageStore.open(join(directory, 'images'));
    const store = await Store.open(join(directory, 'data'));
    const change = (waitHours: number): Promise<void> =>
      store.change(({ settings }) => {
        settings.waitHours = waitHours;
      });
    const ballast = await fill(directory, 0);
    await assert.rejects(change(7), { code: 'store-write-failed' });
    const whats = (await storageProblems({ store, images })).map(({ what }) => what);
    assert.equal(whats.length, 2);
    assert.match(english(whats[1]), /^the last change was not stored: writing the store .*ENOSPC/);
    await rm(ballast);
    await change(8);
    assert.deepEqual(await storageProblems({ store, images }), []);
    await store.close();
    images.close();
  });
});

test('a store above three quarters of what it may have is named', async () => {
  await withDirectory(async (directory) => {
    const images = { space: () => spaceOf(directory) };
    const of = async (sizeBytes: number): Promise<string[]> => {
      const store = { ...SOUND, directory, sizeBytes };
      const problems = await storageProblems({ images, store });
      return problems
        .filter(({ what }) => what.id === 'server.store-large')
        .map(({ what }) => english(what));
    };
    assert.deepEqual(await of(96 * MIB), []);
    assert.deepEqual(await of(96 * MIB + 1), [
      `the store in ${directory} has 101 MB of at most 134 MB`,
    ]);
  });
});
