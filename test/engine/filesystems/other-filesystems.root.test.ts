import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bufferReader } from '../../../lib/disk/sector-reader.ts';
import { isUsed } from '../../../engine/filesystems/block-map.ts';
import type { Inspection } from '../../../engine/filesystems/inspection.ts';
import { F2FS } from '../../../engine/filesystems/f2fs.ts';
import { HFSPLUS } from '../../../engine/filesystems/hfsplus.ts';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchDirectory } from '../scratch-disk.ts';
import { assertSameWhereUsed, copyVolume, makeVolume } from './copy-proof.ts';
import { F2FS_SIZE, leaveMounted, makeF2fs, usedByF2fs } from './f2fs-volume.ts';
import { FREE_BLOCK, makeHfsplus } from './hfsplus-volume.ts';
import { useLastZone } from './minix-volume.ts';
import { patchFile } from './patch-file.ts';
import { english } from '../../support/messages.ts';

describe('A copy of an F2FS has all that f2fs-tools call used', { concurrency: 2 }, () => {
  for (const options of [[], ['-O', 'extra_attr,inode_checksum,sb_checksum'], ['-i']]) {
    test(`A copy of an F2FS has all that f2fs-tools call used: ${['mkfs.f2fs', ...options].join(' ')}`, async (t) => {
      const file = await makeF2fs(t, options);
      const copy = await copyVolume(t, file, F2FS_SIZE);
      assert.ok(copy.file !== null && copy.choice.type === 'capture', JSON.stringify(copy.choice));
      // partclone does not know the larger bitmap of -i.
      const isWhole = options[0] === '-i';
      assert.equal(copy.choice.source.type, isWhole ? 'device' : 'filesystem');
      const used = await usedByF2fs(t, file);
      assert.ok(used.length > 500);
      await assertSameWhereUsed(used, file, copy.file);
      await run('fsck.f2fs', ['--dry-run', copy.file]);
    });
  }

  test('A copy of an F2FS has all that f2fs-tools call used: one that was not unmounted is refused', async (t) => {
    const file = await makeF2fs(t, []);
    const bytes = await readFile(file);
    const checkpoint = bytes.readUInt32LE(1024 + 76) * 4096;
    const examine = (): Promise<Inspection> =>
      F2FS.inspect({ reader: bufferReader(bytes, 512), sizeBytes: bytes.length });
    assert.equal((await examine()).type, 'used-blocks');
    leaveMounted(bytes);
    const seen = await examine();
    assert.ok(seen.type === 'refused', JSON.stringify(seen));
    assert.match(seen.state, /not unmounted cleanly/);
    // With a wrong sum there is no checkpoint that counts.
    bytes[checkpoint + 4092] = (bytes[checkpoint + 4092] ?? 0) ^ 1;
    bytes[checkpoint + 512 * 4096 + 4092] = (bytes[checkpoint + 512 * 4096 + 4092] ?? 0) ^ 1;
    assert.equal((await examine()).type, 'every-sector');
  });
});

describe('A Minix', { concurrency: 2 }, () => {
  for (const options of [['-1'], ['-2', '-n', '14'], ['-3']]) {
    test(`A Minix: ${['mkfs.minix', ...options].join(' ')}`, async (t) => {
      const file = await makeVolume(t, 30 * MIB, ['mkfs.minix', ...options]);
      if (options[0] !== '-3') await useLastZone(file, options[0] === '-2');
      const copy = await copyVolume(t, file, 30 * MIB);
      assert.ok(copy.choice.type === 'capture' && copy.file !== null);
      assert.equal(copy.choice.warnings.length === 0, options[0] !== '-3');
      const { stdout } = await run('fsck.minix', ['-f', file], { allowedStatuses: [0, 3, 4, 8] });
      const other = await run('fsck.minix', ['-f', copy.file], { allowedStatuses: [0, 3, 4, 8] });
      assert.equal(other.stdout.replaceAll(copy.file, ''), stdout.replaceAll(file, ''));
      const [start, end] = [29 * MIB + 1023 * 1024, 30 * MIB];
      if (options[0] !== '-3') {
        await assertSameWhereUsed([{ startBytes: start, endBytes: end }], file, copy.file);
      }
    });
  }

  test('A Minix that was not unmounted is copied whole', async (t) => {
    const file = await makeVolume(t, 10 * MIB, ['mkfs.minix', '-1']);
    await patchFile(file, 1024 + 18, [0]);
    const { choice } = await copyVolume(t, file, 10 * MIB);
    assert.ok(choice.type === 'capture' && choice.source.type === 'device');
    assert.match(english(choice.warnings), /not unmounted cleanly/);
  });
});

describe('An HFS+', { concurrency: 1 }, () => {
  test('An HFS+ is copied by its bitmap, its second header too', async (t) => {
    const { bytes, used } = await makeHfsplus(t);
    const seen = await examine(bytes);
    assert.ok(seen.type === 'used-blocks', JSON.stringify(seen));
    const file = join(await scratchDirectory(t), 'hfs.img');
    await writeFile(file, bytes);
    const copy = await copyVolume(t, file, bytes.length);
    assert.ok(copy.choice.type === 'capture' && copy.file !== null, JSON.stringify(copy.choice));
    assert.equal(english(copy.choice.warnings), '');
    await assertSameWhereUsed(used, file, copy.file);
    const free = (await readFile(copy.file)).subarray(FREE_BLOCK * 2048, (FREE_BLOCK + 1) * 2048);
    assert.ok(free.equals(Buffer.alloc(2048, 0xa5)), 'a free block is not copied');
  });

  test('An HFS+ that was not unmounted is copied whole, and refused with a journal that is not empty', async (t) => {
    const { bytes } = await makeHfsplus(t);
    const attributes = bytes.readUInt32BE(1028);
    bytes.writeUInt32BE(attributes & ~0x100, 1028);
    const unclean = await examine(bytes);
    assert.ok(unclean.type === 'every-sector', JSON.stringify(unclean));
    assert.match(english(unclean.reason), /not unmounted cleanly/);
    // A journal in two blocks that nothing uses: what it is, and its header with a start and an end.
    bytes.writeUInt32BE(attributes | 0x2000, 1028);
    bytes.writeUInt32BE(FREE_BLOCK, 1036);
    bytes.writeUInt32BE(1, FREE_BLOCK * 2048);
    bytes.writeBigUInt64BE(BigInt((FREE_BLOCK + 1) * 2048), FREE_BLOCK * 2048 + 36);
    for (const isLittle of [true, false]) {
      const journal = bytes.subarray((FREE_BLOCK + 1) * 2048, (FREE_BLOCK + 2) * 2048);
      const write = (value: bigint, at: number): number =>
        isLittle ? journal.writeBigUInt64LE(value, at) : journal.writeBigUInt64BE(value, at);
      if (isLittle) journal.writeUInt32LE(0x4a4e4c78, 0);
      else journal.writeUInt32BE(0x4a4e4c78, 0);
      write(512n, 8);
      write(512n, 16);
      assert.equal((await examine(bytes)).type, 'used-blocks');
      write(1024n, 16);
      const seen = await examine(bytes);
      assert.ok(seen.type === 'refused', JSON.stringify(seen));
      assert.match(seen.state, /journal/);
      assert.match(seen.remedy, /Mac/);
    }
  });

  test('An HFS+ in an HFS: all of what is around it, and its used blocks where they are there', async (t) => {
    const { bytes, used } = await makeHfsplus(t);
    const start = 9 * 512 + 3 * 4096;
    const wrapped = Buffer.concat([
      Buffer.alloc(start, 'around'),
      bytes,
      Buffer.alloc(5120, 'behind'),
    ]);
    const header = wrapped.subarray(1024, 1536);
    header.writeUInt16BE(0x4244, 0);
    header.writeUInt32BE(4096, 0x14);
    header.writeUInt16BE(9, 0x1c);
    header.writeUInt16BE(0x482b, 0x7c);
    header.writeUInt16BE(3, 0x7e);
    header.writeUInt16BE(bytes.length / 4096, 0x80);
    const seen = await examine(wrapped);
    assert.ok(seen.type === 'used-blocks', JSON.stringify(seen));
    const isAllUsed = (startBytes: number, endBytes: number): boolean => {
      for (let at = startBytes; at < endBytes; at += 512)
        if (!isUsed(seen.used, at / 512)) return false;
      return true;
    };
    assert.ok(isAllUsed(0, start));
    assert.ok(isAllUsed(start + bytes.length, wrapped.length));
    assert.ok(
      used.every(({ startBytes, endBytes }) => isAllUsed(start + startBytes, start + endBytes)),
    );
    assert.ok(!isUsed(seen.used, (start + FREE_BLOCK * 2048) / 512));
  });
});

function examine(bytes: Buffer): Promise<Inspection> {
  return HFSPLUS.inspect({ reader: bufferReader(bytes, 512), sizeBytes: bytes.length });
}

test('Kinds of which nothing here knows the used blocks are copied whole, and it is said', async () => {
  for (const type of ['apfs', 'reiser4', 'reiserfs', 'jfs', 'nilfs2', 'ufs', 'VMFS']) {
    const reader = bufferReader(Buffer.alloc(4096), 512);
    const volume = { run, type, device: '/dev/null', sizeBytes: 4096, reader };
    const seen = await filesystemOf(type).inspect(volume);
    assert.ok(seen.type === 'every-sector' && english(seen.reason).includes(type), type);
  }
});

describe(
  'A file system larger than its partition is copied whole, and it is said',
  { concurrency: 2 },
  () => {
    const kinds: readonly (readonly [string, ...string[]])[] = [
      ['mkfs.fat', '-F', '32'],
      ['mkfs.exfat'],
      ['mkfs.btrfs', '-q', '-f', '--mixed'],
      ['mkfs.f2fs', '-q', '-f'],
      ['mkfs.minix', '-1'],
    ];
    for (const mkfs of kinds) {
      test(`A file system larger than its partition is copied whole, and it is said: ${mkfs.join(' ')}`, async (t) => {
        const whole = await makeVolume(t, 60 * MIB, mkfs);
        const file = join(await scratchDirectory(t), 'cut.img');
        await copyFile(whole, file);
        await run('truncate', ['--size', String(50 * MIB), file]);
        const copy = await copyVolume(t, file, 50 * MIB);
        assert.ok(
          copy.choice.type === 'capture' && copy.file !== null,
          JSON.stringify(copy.choice),
        );
        assert.equal(
          english(copy.choice.warnings),
          'copied sector by sector: the file system is larger than its partition',
        );
        await assertSameWhereUsed([{ startBytes: 0, endBytes: 50 * MIB }], file, copy.file);
      });
    }
  },
);
