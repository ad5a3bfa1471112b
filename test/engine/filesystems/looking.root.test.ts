import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { attachLoop } from '../../lab/loop-device.ts';
import { describeMounted } from '../../lab/mount.ts';
import { afterTest, detachOwn, MIB, scratchDirectory } from '../scratch-disk.ts';
import { makeVolume, withMounted } from './copy-proof.ts';

for (const [filesystem, mkfs] of [
  ['ext4', ['mkfs.ext4', '-q', '-F']],
  ['xfs', ['mkfs.xfs', '-q', '-f', '--unsupported']],
] as const) {
  test(`The lab does not look past the journal of an ${filesystem} that holds changes, and changes nothing.`, async (t) => {
    const file = await makeVolume(t, 64 * MIB, mkfs);
    const work = await scratchDirectory(t);
    const cut = join(work, 'cut.img');
    await withMounted(t, file, async (directory) => {
      await writeFile(join(directory, 'new'), 'precious');
      await run('sync', [join(directory, 'new')]);
      await copyFile(file, cut);
    });
    const directory = join(work, 'seen');
    await mkdir(directory);
    const look = async (imageFile: string): Promise<string[]> => {
      const device = await attachLoop(run, imageFile, {});
      afterTest(t, () => detachOwn(device));
      const { tree } = await describeMounted(run, { device, imageFile, filesystem, directory });
      return Object.keys(tree);
    };
    const before = await readFile(cut);
    await assert.rejects(look(cut), { code: 'tool-failed' });
    assert.ok((await readFile(cut)).equals(before));
    assert.ok((await look(file)).some((path) => path.endsWith('new')));
  });
}
