import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { parseMountPoints } from '../../lib/mount-points.ts';
import { removeTree } from '../../netboot-rootfs/remove-tree.ts';

test('What is mounted below a directory is not removed with it.', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-remove-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const [precious, tree] = [join(directory, 'precious'), join(directory, 'tree')];
  const mount = join(tree, 'a b');
  mkdirSync(precious);
  mkdirSync(mount, { recursive: true });
  writeFileSync(join(precious, 'file'), 'kept');
  await run('mount', ['--bind', precious, mount]);
  try {
    await assert.rejects(removeTree(tree), { code: 'not-allowed' });
    await assert.rejects(removeTree(mount), { code: 'not-allowed' });
  } finally {
    await run('umount', [mount]);
  }
  assert.equal(readFileSync(join(precious, 'file'), 'utf8'), 'kept');
  await removeTree(tree);
  await removeTree(tree);
  assert.ok(!existsSync(tree) && existsSync(precious));
});

test('Mount points are read as the kernel writes them.', () => {
  const line = (path: string): string => `36 35 98:0 /mnt1 ${path} rw,noatime - ext4 /dev/root rw`;
  assert.deepEqual(parseMountPoints(`${line('/a\\040b')}\n${line('/srv')}\n`), ['/a b', '/srv']);
});
