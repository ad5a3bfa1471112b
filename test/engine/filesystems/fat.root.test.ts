import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { isUsed } from '../../../engine/filesystems/block-map.ts';
import { FAT } from '../../../engine/filesystems/fat.ts';
import { fileReader } from '../../../lib/disk/file-reader.ts';
import { patchFile } from './patch-file.ts';
import { MIB, scratchDirectory } from '../scratch-disk.ts';
import { assertSameWhereUsed, copyVolume, makeVolume, type Copy } from './copy-proof.ts';
import { checkFat, filesOfFat, listPaths, mtools, usedByFat } from './fat-volume.ts';
import { english } from '../../support/messages.ts';

/** Copies and compares by mtools and dosfstools. */
async function assertCopied(t: TestContext, file: string, sizeBytes: number): Promise<Copy> {
  const copy = await copyVolume(t, file, sizeBytes);
  assert.ok(copy.file !== null, JSON.stringify(copy.choice));
  await assertSameWhereUsed(await usedByFat(file), file, copy.file);
  assert.deepEqual(await filesOfFat(t, copy.file), await filesOfFat(t, file));
  assert.equal(await checkFat(copy.file), await checkFat(file));
  return copy;
}

/** Nine files of different sizes in a directory each, two of them deleted again. */
async function fillSome(t: TestContext, file: string): Promise<void> {
  const directory = await scratchDirectory(t);
  for (let number = 1; number < 10; number += 1) {
    const path = join(directory, `FILE${number}.BIN`);
    await writeFile(path, Buffer.alloc(number * 19_123, `content of ${number} `));
    await mtools(file, 'mmd', `::/DIR${number}`);
    await mtools(file, 'mcopy', path, `::/DIR${number}/`);
  }
  await mtools(file, 'mdel', '::/DIR2/FILE2.BIN', '::/DIR5/FILE5.BIN');
}

/** Files of `bytes`, and of one cluster at the end, until nothing more fits. */
async function fillToTheLastCluster(t: TestContext, file: string, bytes: number): Promise<void> {
  const directory = await scratchDirectory(t);
  const paths = await Promise.all(
    Array.from({ length: 240 }, async (_, index) => {
      const path = join(directory, `F${index}`);
      await writeFile(path, Buffer.alloc(bytes, `file ${index} `));
      return path;
    }),
  );
  const last = join(directory, 'last');
  await writeFile(last, 'a cluster');
  const fits = (...args: [string, ...string[]]): Promise<boolean> =>
    mtools(file, ...args).then(
      () => true,
      () => false,
    );
  let number = 0;
  do {
    await mtools(file, 'mmd', `::/D${number}`);
  } while (await fits('mcopy', '-Q', ...paths, `::/D${number++}/`));
  for (let index = 0; await fits('mcopy', last, `::/D0/L${index}`); index += 1);
}

/** What mkfs.fat offers. */
const FEATURES: readonly { readonly size: number; readonly options: readonly string[] }[] = [
  { size: 4, options: [] },
  { size: 12, options: ['-F', '12'] },
  { size: 2, options: ['-F', '12', '-s', '1', '-f', '1', '-r', '64'] },
  { size: 8, options: ['-F', '12', '-R', '7', '-a'] },
  { size: 30, options: ['-F', '16'] },
  { size: 20, options: ['-F', '16', '-s', '1', '-a', '-S', '1024', '-f', '1'] },
  { size: 40, options: ['-F', '32'] },
  { size: 36, options: ['-F', '32', '-s', '1', '-R', '64', '-f', '1', '-a'] },
  { size: 20, options: ['-F', '16', '-S', '4096', '-s', '1'] },
];

describe('A copy of a FAT has all that mtools and dosfstools call used', { concurrency: 2 }, () => {
  for (const { size, options } of FEATURES) {
    test(`A copy of a FAT has all that mtools and dosfstools call used: ${['mkfs.fat', ...options, `on ${size} MiB`].join(' ')}`, async (t) => {
      const file = await makeVolume(t, size * MIB, ['mkfs.fat', ...options]);
      await fillSome(t, file);
      await assertCopied(t, file, size * MIB);
    });
  }

  const full = [
    { width: '12', size: 2, clusterSectors: '1', fileBytes: 1024 },
    { width: '16', size: 9, clusterSectors: '4', fileBytes: 2048 },
    { width: '32', size: 36, clusterSectors: '1', fileBytes: 150_000 },
  ] as const;
  for (const { width, size, clusterSectors, fileBytes } of full) {
    test(`A copy of a FAT has all that mtools and dosfstools call used: FAT${width}, full to the last cluster, and every second file of it`, async (t) => {
      const mkfs = ['mkfs.fat', '-F', width, '-s', clusterSectors] as const;
      const file = await makeVolume(t, size * MIB, mkfs);
      await fillToTheLastCluster(t, file, fileBytes);
      assert.equal(await freeBytes(file), 0);
      await assertCopied(t, file, size * MIB);
      const files = (await listPaths(file)).filter((path) => /\/F\d+$/.test(path));
      assert.ok(files.length > 200);
      await mtools(file, 'mdel', ...files.filter((_, index) => index % 2 === 0));
      await assertCopied(t, file, size * MIB);
    });
  }
});

describe('A FAT that was not unmounted is copied whole, one with bad clusters is not', () => {
  const marks: readonly [string, string, number | 'second entry', number][] = [
    ['FAT32 by its table', '32', 'second entry', 0x07],
    ['FAT32 by its boot sector', '32', 0x41, 0x01],
    ['FAT16 by its table', '16', 'second entry', 0x7f],
    ['FAT16 by its boot sector', '16', 0x25, 0x01],
    ['FAT12 by its boot sector', '12', 0x25, 0x01],
  ];
  for (const [title, width, place, value] of marks) {
    test(`A FAT that was not unmounted is copied whole, one with bad clusters is not: ${title}`, async (t) => {
      const size = width === '12' ? 8 * MIB : 40 * MIB;
      const file = await makeVolume(t, size, ['mkfs.fat', '-F', width]);
      await fillSome(t, file);
      // The marks are in the highest byte of the entry.
      const entry = (await tableOf(file)).offset + (width === '32' ? 7 : 3);
      await patchFile(file, place === 'second entry' ? entry : place, [value]);
      const { choice } = await assertCopied(t, file, size);
      assert.ok(choice.type === 'capture' && choice.source.type === 'device');
      assert.match(english(choice.warnings), /not unmounted cleanly/);
    });
  }

  test('A FAT that was not unmounted is copied whole, one with bad clusters is not: a cluster that is marked bad is said, and left out', async (t) => {
    const file = await makeVolume(t, 40 * MIB, ['mkfs.fat', '-F', '32', '-s', '1']);
    await fillSome(t, file);
    // Entry 60000 of both tables.
    const { tableBytes, offset } = await tableOf(file);
    for (const copy of [0, 1]) {
      await patchFile(file, offset + copy * tableBytes + 60_000 * 4, [0xf7, 0xff, 0xff, 0x0f]);
    }
    const reader = await fileReader(file, 512);
    try {
      const seen = await FAT.inspect({ reader, sizeBytes: 40 * MIB });
      assert.ok(seen.type === 'used-blocks');
      assert.match(english(seen.warnings), /^1 clusters that are marked bad/);
    } finally {
      await reader.close();
    }
  });

  test('one that calls itself FAT16 and has too few clusters for it is copied whole', async (t) => {
    const file = await makeVolume(t, 8 * MIB, ['mkfs.fat', '-F', '12']);
    await patchFile(file, 0x36, Buffer.from('FAT16   '));
    const { choice } = await copyVolume(t, file, 8 * MIB);
    assert.ok(choice.type === 'capture' && choice.source.type === 'device', JSON.stringify(choice));
    assert.match(english(choice.warnings), /FAT12 or FAT16/);
  });
});

test('The map of a large one whose clusters do not lie even is small, and has them all.', async (t) => {
  const size = 256 * 1024 ** 3;
  const mkfs = ['mkfs.fat', '-F', '32', '-s', '64', '-a', '-R', '34', '-f', '1'] as const;
  const file = await makeVolume(t, size, mkfs);
  const { offset, tableBytes } = await tableOf(file);
  const dataStart = offset + tableBytes;
  assert.notEqual(dataStart % 1024, 0);
  const lastCluster = 2 + Math.floor((size - dataStart) / 32_768) - 1;
  for (const cluster of [3_000_001, lastCluster]) {
    await patchFile(file, offset + cluster * 4, [0xff, 0xff, 0xff, 0x0f]);
  }
  const reader = await fileReader(file, 512);
  try {
    const seen = await FAT.inspect({ reader, sizeBytes: size });
    assert.ok(seen.type === 'used-blocks', JSON.stringify(seen));
    const { used } = seen;
    assert.ok(used.bits.length <= 32 * MIB, `${used.bits.length}`);
    assert.ok(used.blockBytes * used.blockCount <= size);
    for (const cluster of [2, 3_000_001, lastCluster]) {
      const start = dataStart + (cluster - 2) * 32_768;
      for (let at = start; at < start + 32_768; at += 512) {
        assert.ok(isUsed(used, Math.floor(at / used.blockBytes)), `cluster ${cluster}`);
      }
    }
    assert.ok(!isUsed(used, Math.floor((dataStart + 2_000_000 * 32_768) / used.blockBytes)));
  } finally {
    await reader.close();
  }
});

async function tableOf(file: string): Promise<{ offset: number; tableBytes: number }> {
  const text = await mtools(file, 'minfo', '::');
  const reserved = Number(/^reserved \(boot\) sectors: (\d+)/m.exec(text)?.[1]);
  const sectors = Number(/^Big fatlen=(\d+)/m.exec(text)?.[1]);
  return { offset: reserved * 512, tableBytes: sectors * 512 };
}

/** As mtools sees it; fsck.fat does not count what a broken-off copy left allocated. */
async function freeBytes(file: string): Promise<number> {
  const free = /([\d ]+) bytes free/.exec(await mtools(file, 'mdir', '::/'))?.[1];
  return Number(free?.replaceAll(' ', ''));
}
