import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { bootSecret } from '../../engine/boot-secret.ts';
import { withDirectory } from '../support/directories.ts';

test('The secret of a boot stays while its state directory does, and only root may read it.', async () => {
  await withDirectory(async (directory) => {
    const mask = process.umask(0);
    try {
      const first = await bootSecret(directory);
      assert.match(first, /^[0-9a-f]{64}$/);
      assert.equal(await bootSecret(directory), first);
      const [name = ''] = await readdir(directory);
      assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600);
      await withDirectory(async (another) => {
        assert.notEqual(await bootSecret(another), first);
      });
      // What a full disk has left of it is no secret.
      const path = join(directory, name);
      await writeFile(path, first.slice(0, 10));
      const second = await bootSecret(directory);
      assert.match(second, /^[0-9a-f]{64}$/);
      assert.notEqual(second, first);
      assert.equal(await readFile(path, 'latin1'), second);
    } finally {
      process.umask(mask);
    }
  });
});
