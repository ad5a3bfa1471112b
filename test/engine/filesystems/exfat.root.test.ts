import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { MIB } from '../scratch-disk.ts';
import { copyVolume, fillToTheLastBlock, makeVolume, removeEverySecond } from './copy-proof.ts';
import { filesOfExfat, withExfat } from './exfat-volume.ts';
import { patchFile } from './patch-file.ts';
import { english } from '../../support/messages.ts';

const SIZE = 24 * MIB;

async function assertCopied(t: TestContext, file: string): Promise<string> {
  const copy = await copyVolume(t, file, SIZE);
  assert.ok(copy.file !== null && copy.choice.type === 'capture', JSON.stringify(copy.choice));
  await run('fsck.exfat', ['--repair-no', copy.file]);
  assert.deepEqual(await filesOfExfat(t, copy.file), await filesOfExfat(t, file));
  return english(copy.choice.warnings);
}

/** What mkfs.exfat offers. */
const FEATURES: readonly (readonly string[])[] = [
  [],
  ['-c', '512', '-b', '512'],
  ['-c', '4096', '-b', '8192'],
  ['-c', '1M'],
  ['--pack-bitmap'],
];

describe(
  'A copy of an exFAT has all files, and fsck.exfat finds it sound',
  { concurrency: 2 },
  () => {
    for (const options of FEATURES) {
      test(`A copy of an exFAT has all files, and fsck.exfat finds it sound: ${['mkfs.exfat', ...options].join(' ')}`, async (t) => {
        const file = await makeVolume(t, SIZE, ['mkfs.exfat', ...options]);
        await withExfat(t, file, async (directory) => {
          for (let number = 1; number < 12; number += 1) {
            await writeFile(
              join(directory, `file ${number}`),
              Buffer.alloc(number * 9_123, `${number}`),
            );
          }
          await run('rm', [join(directory, 'file 3'), join(directory, 'file 8')]);
        });
        assert.equal(await assertCopied(t, file), '');
      });
    }

    test('A copy of an exFAT has all files, and fsck.exfat finds it sound when it is full to the last cluster, and when every second file is gone', async (t) => {
      const file = await makeVolume(t, SIZE, ['mkfs.exfat', '-c', '8192']);
      await withExfat(t, file, (directory) => {
        assert.ok(fillToTheLastBlock(directory, 8192) > 1000);
        return Promise.resolve();
      });
      assert.equal(await assertCopied(t, file), '');
      await withExfat(t, file, (directory) => {
        removeEverySecond(directory, 0);
        return Promise.resolve();
      });
      assert.equal(await assertCopied(t, file), '');
    });

    test('A copy of an exFAT has all files, and fsck.exfat finds it sound that is marked dirty: it is copied whole', async (t) => {
      const file = await makeVolume(t, SIZE, ['mkfs.exfat']);
      await withExfat(t, file, (directory) => writeFile(join(directory, 'file'), 'content'));
      await patchFile(file, 106, [0x02]);
      const { choice } = await copyVolume(t, file, SIZE);
      assert.ok(choice.type === 'capture' && choice.source.type === 'device');
      assert.match(english(choice.warnings), /not unmounted cleanly/);
    });
  },
);
