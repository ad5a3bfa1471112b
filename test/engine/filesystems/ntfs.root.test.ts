import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { execa } from 'execa';
import { finishNtfs } from '../after-restore.ts';
import { run } from '../../../lib/exec/run.ts';
import { attachLoop } from '../../lab/loop-device.ts';
import { detachOwn, MIB } from '../scratch-disk.ts';
import {
  assertSameWhereUsed,
  copyVolume,
  fillSome,
  fillToTheLastBlock,
  filesOf,
  makeVolume,
  removeEverySecond,
  withMounted,
  type ByteRange,
} from './copy-proof.ts';
import { patchFile } from './patch-file.ts';
import { english } from '../../support/messages.ts';

const SIZE = 24 * MIB;

/** What ntfs-3g's own ntfscat prints of $Bitmap: a bit for each cluster. */
async function usedByNtfs(file: string): Promise<ByteRange[]> {
  const { stdout: information } = await run('ntfsinfo', ['-m', file]);
  const numberOf = (name: string): number =>
    Number(new RegExp(`${name}: (\\d+)`).exec(information)?.[1] ?? NaN);
  const clusterBytes = numberOf('Cluster Size');
  const clusters = numberOf('Volume Size in Clusters');
  const { stdout: bits } = await execa('ntfscat', ['-i', '6', file], { encoding: 'buffer' });
  assert.ok(bits.length * 8 >= clusters && clusterBytes > 0);
  const used: ByteRange[] = [];
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    if (((bits[cluster >> 3] ?? 0) & (1 << (cluster & 7))) === 0) continue;
    used.push({ startBytes: cluster * clusterBytes, endBytes: (cluster + 1) * clusterBytes });
  }
  return used;
}

async function assertCopied(t: TestContext, file: string, sizeBytes = SIZE): Promise<void> {
  const copy = await copyVolume(t, file, sizeBytes);
  assert.ok(copy.file !== null && copy.choice.type === 'capture', JSON.stringify(copy.choice));
  assert.equal(english(copy.choice.warnings), '');
  await assertSameWhereUsed(await usedByNtfs(file), file, copy.file);
  // As deploy does at its end; ntfsfix misses the backup otherwise.
  const device = await attachLoop(run, copy.file, {});
  try {
    await finishNtfs(device);
  } finally {
    await detachOwn(device);
  }
  await run('ntfsfix', ['--no-action', copy.file]);
  assert.deepEqual(await filesOf(t, copy.file), await filesOf(t, file));
}

/** What mkntfs offers. */
const FEATURES: readonly (readonly string[])[] = [
  [],
  ['-c', '512'],
  ['-c', '65536'],
  ['-c', '262144'],
  ['-s', '4096', '-c', '4096', '-H', '16', '-S', '63', '-p', '63'],
];

describe('A copy of an NTFS has all that ntfs-3g calls used', { concurrency: 2 }, () => {
  for (const options of FEATURES) {
    test(`A copy of an NTFS has all that ntfs-3g calls used: ${['mkntfs', ...options].join(' ')}`, async (t) => {
      const file = await makeVolume(t, SIZE, ['mkntfs', '-q', '-Q', '-F', ...options]);
      await withMounted(t, file, async (directory) => {
        await fillSome(directory);
        await rm(join(directory, 'hard'));
      });
      await assertCopied(t, file);
    });
  }

  test('A copy of an NTFS has all that ntfs-3g calls used when it is full to the last cluster, and when every second file is gone', async (t) => {
    const file = await makeVolume(t, SIZE, ['mkntfs', '-q', '-Q', '-F', '-c', '4096']);
    await withMounted(t, file, (directory) => {
      assert.ok(fillToTheLastBlock(directory, 8192) > 1000);
      return Promise.resolve();
    });
    await assertCopied(t, file);
    await withMounted(t, file, (directory) => {
      removeEverySecond(directory, 0);
      return Promise.resolve();
    });
    await assertCopied(t, file);
  });
});

describe('An NTFS that is not as others is copied whole, or refused', { concurrency: 2 }, () => {
  test('An NTFS that is not as others is copied whole, or refused: marked dirty: refused, with the remedy', async (t) => {
    const file = await makeVolume(t, SIZE, ['mkntfs', '-q', '-Q', '-F']);
    await run('ntfsfix', [file]);
    const { choice } = await copyVolume(t, file, SIZE);
    assert.ok(choice.type === 'refused', JSON.stringify(choice));
    assert.match(choice.remedy, /chkdsk \/f/);
  });

  test('An NTFS that is not as others is copied whole, or refused: its record of the bitmap damaged, or its size larger than the partition', async (t) => {
    const damaged = await makeVolume(t, SIZE, ['mkntfs', '-q', '-Q', '-F', '-c', '4096']);
    const { stdout } = await run('ntfsinfo', ['-m', damaged]);
    const tableCluster = Number(/LCN of Data Attribute for FILE_MFT: (\d+)/.exec(stdout)?.[1]);
    // Record 6, $Bitmap.
    await patchFile(damaged, tableCluster * 4096 + 6 * 1024, Buffer.from('BAAD'));
    const larger = await makeVolume(t, SIZE, ['mkntfs', '-q', '-Q', '-F']);
    await run('truncate', ['--size', String(SIZE - MIB), larger]);
    for (const [file, size, reason] of [
      [damaged, SIZE, /ntfs-3g cannot read it|damaged/],
      [larger, SIZE - MIB, /larger than its partition/],
    ] as const) {
      const copy = await copyVolume(t, file, size);
      assert.ok(copy.choice.type === 'capture' && copy.file !== null, JSON.stringify(copy.choice));
      assert.match(english(copy.choice.warnings), reason);
      await assertSameWhereUsed([{ startBytes: 0, endBytes: size }], file, copy.file);
    }
  });
});
