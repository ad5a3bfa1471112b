import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { bufferReader } from '../../../lib/disk/sector-reader.ts';
import { isUsed } from '../../../engine/filesystems/block-map.ts';
import type { Inspection } from '../../../engine/filesystems/inspection.ts';
import { F2FS } from '../../../engine/filesystems/f2fs.ts';
import { HFSPLUS } from '../../../engine/filesystems/hfsplus.ts';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchDirectory } from '../scratch-disk.ts';
import { assertSameWhereUsed, copyVolume, makeVolume, type ByteRange } from './copy-proof.ts';
import { patchFile } from './patch-file.ts';
import { english } from '../../support/messages.ts';

const F2FS_SIZE = 64 * MIB;

/** Files of many sizes, put into a new F2FS by f2fs-tools. */
async function makeF2fs(t: TestContext, options: readonly string[]): Promise<string> {
  const content = join(await scratchDirectory(t), 'content');
  await mkdir(content);
  for (let number = 1; number < 40; number += 1) {
    await writeFile(join(content, `file ${number}`), Buffer.alloc(number * 3_097, `${number}`));
  }
  const file = await makeVolume(t, F2FS_SIZE, ['mkfs.f2fs', '-q', '-f', ...options]);
  await run('sload.f2fs', ['-f', content, file]);
  return file;
}

/** What dump.f2fs prints of the segment information table. */
async function usedByF2fs(t: TestContext, file: string): Promise<ByteRange[]> {
  const { stdout } = await run('dump.f2fs', ['-d', '1', file]);
  const mainBlock = Number(/^main_blkaddr\s.*\[0x\s*[0-9a-f]+ : (\d+)\]/m.exec(stdout)?.[1]);
  assert.ok(mainBlock > 0, stdout);
  const directory = await scratchDirectory(t);
  await run('env', ['--chdir', directory, 'dump.f2fs', '-s', '0~-1', file]);
  const used: ByteRange[] = [{ startBytes: 0, endBytes: mainBlock * 4096 }];
  const segments = (await readFile(join(directory, 'dump_sit'), 'latin1'))
    .split(/^segno:/m)
    .slice(1);
  for (const segment of segments) {
    const [head = '', ...lines] = segment.split('\n');
    const first = mainBlock + Number(/^\s*(\d+)/.exec(head)?.[1]) * 512;
    const bytes = lines.flatMap((line) =>
      line
        .trim()
        .split(/\s+/)
        .filter((byte) => byte !== ''),
    );
    for (let bit = 0; bit < 512; bit += 1) {
      if ((parseInt(bytes[bit >> 3] ?? '0', 16) & (0x80 >> (bit & 7))) === 0) continue;
      used.push({ startBytes: (first + bit) * 4096, endBytes: (first + bit + 1) * 4096 });
    }
  }
  return used;
}

describe('A copy of an F2FS has all that f2fs-tools call used', { concurrency: 2 }, () => {
  for (const options of [[], ['-O', 'extra_attr,inode_checksum,sb_checksum'], ['-i']]) {
    test(['mkfs.f2fs', ...options].join(' '), async (t) => {
      const file = await makeF2fs(t, options);
      const copy = await copyVolume(t, file, F2FS_SIZE);
      assert.ok(copy.file !== null && copy.choice.type === 'capture', JSON.stringify(copy.choice));
      const used = await usedByF2fs(t, file);
      assert.ok(used.length > 500);
      await assertSameWhereUsed(used, file, copy.file);
      await run('fsck.f2fs', ['--dry-run', copy.file]);
    });
  }

  test('one that was not unmounted is refused', async (t) => {
    const file = await makeF2fs(t, []);
    const bytes = await readFile(file);
    const checkpoint = bytes.readUInt32LE(1024 + 76) * 4096;
    const examine = (): Promise<Inspection> =>
      F2FS.inspect({ reader: bufferReader(bytes, 512), sizeBytes: bytes.length });
    assert.equal((await examine()).type, 'used-blocks');
    // Flags of both checkpoints, and their check sums as f2fs-tools would make them.
    for (const at of [checkpoint, checkpoint + 512 * 4096]) {
      bytes.writeUInt32LE(bytes.readUInt32LE(at + 132) & ~1, at + 132);
      const packBlocks = bytes.readUInt32LE(at + 136);
      const last = at + (packBlocks - 1) * 4096;
      bytes.copy(bytes, last, at, at + 4096);
      for (const block of [at, last]) {
        bytes.writeUInt32LE(f2fsSum(bytes.subarray(block, block + 4092)), block + 4092);
      }
    }
    const seen = await examine();
    assert.ok(seen.type === 'refused', JSON.stringify(seen));
    assert.match(seen.state, /not unmounted cleanly/);
    // With a wrong sum there is no checkpoint that counts.
    bytes[checkpoint + 4092] = (bytes[checkpoint + 4092] ?? 0) ^ 1;
    bytes[checkpoint + 512 * 4096 + 4092] = (bytes[checkpoint + 512 * 4096 + 4092] ?? 0) ^ 1;
    assert.equal((await examine()).type, 'every-sector');
  });
});

/** The bits one by one, as f2fs_crc32() of f2fs-tools. */
function f2fsSum(bytes: Buffer): number {
  let sum = 0xf2f52010;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ ((sum & 1) === 1 ? 0xedb88320 : 0);
  }
  return sum >>> 0;
}

describe('A Minix', { concurrency: 2 }, () => {
  for (const options of [['-1'], ['-2', '-n', '14'], ['-3']]) {
    test(['mkfs.minix', ...options].join(' '), async (t) => {
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

  test('that was not unmounted is copied whole', async (t) => {
    const file = await makeVolume(t, 10 * MIB, ['mkfs.minix', '-1']);
    await patchFile(file, 1024 + 18, [0]);
    const { choice } = await copyVolume(t, file, 10 * MIB);
    assert.ok(choice.type === 'capture' && choice.source.type === 'device');
    assert.match(english(choice.warnings), /not unmounted cleanly/);
  });
});

/** Gives the last zone a content and marks it used, as the kernel would. */
async function useLastZone(file: string, isV2: boolean): Promise<void> {
  const bytes = await readFile(file);
  const superBlock = bytes.subarray(1024, 2048);
  const zones = isV2 ? superBlock.readUInt32LE(20) : superBlock.readUInt16LE(2);
  const bit = zones - superBlock.readUInt16LE(8);
  const at = (2 + superBlock.readUInt16LE(4)) * 1024 + (bit >> 3);
  await patchFile(file, at, [(bytes[at] ?? 0) | (1 << (bit & 7))]);
  await patchFile(file, (zones - 1) * 1024, Buffer.alloc(1024, 'last zone '));
}

describe('An HFS+', { concurrency: 1 }, () => {
  test('is copied by its bitmap, its second header too', async (t) => {
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

  test('that was not unmounted is copied whole, and refused with a journal that is not empty', async (t) => {
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

  test('in an HFS: all of what is around it, and its used blocks where they are there', async (t) => {
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

const FREE_BLOCK = 3500;

function examine(bytes: Buffer): Promise<Inspection> {
  return HFSPLUS.inspect({ reader: bufferReader(bytes, 512), sizeBytes: bytes.length });
}

/** The HFS+ that xorriso makes in an ISO image is full: enlarged to 4000 blocks, of which the last is used again. */
async function makeHfsplus(t: TestContext): Promise<{ bytes: Buffer; used: ByteRange[] }> {
  const directory = await scratchDirectory(t);
  const content = join(directory, 'content');
  await mkdir(content);
  for (let number = 1; number < 30; number += 1) {
    await writeFile(join(content, `file ${number}`), Buffer.alloc(number * 9_123, `${number}`));
  }
  const iso = join(directory, 'hfs.iso');
  await run('xorriso', ['-as', 'mkisofs', '-quiet', '-hfsplus', '-o', iso, content]);
  const { stdout } = await run('partx', [
    '--raw',
    '--noheadings',
    '--output',
    'START,SECTORS,NAME',
    iso,
  ]);
  const [, start = '', sectors = ''] = /^(\d+) (\d+) HFSPLUS/m.exec(stdout) ?? [];
  const volume = (await readFile(iso)).subarray(
    Number(start) * 512,
    (Number(start) + Number(sectors)) * 512,
  );
  const blocks = 4000;
  const bytes = Buffer.alloc(blocks * 2048, 'free space ');
  const oldBlocks = volume.readUInt32BE(1024 + 44);
  assert.equal(volume.readUInt32BE(1024 + 40), 2048);
  volume.copy(bytes);
  bytes.writeUInt32BE(blocks, 1024 + 44);
  bytes.writeUInt32BE(blocks - oldBlocks - 1, 1024 + 48);
  const map = bytes.readUInt32BE(1024 + 128) * 2048;
  const set = (block: number, value: boolean): void => {
    const at = map + (block >> 3);
    const bit = 0x80 >> (block & 7);
    bytes[at] = value ? (bytes[at] ?? 0) | bit : (bytes[at] ?? 0) & ~bit;
  };
  // xorriso forgets the last eight when their number is a multiple of eight.
  for (let block = 0; block < blocks; block += 1) {
    set(block, block < oldBlocks || block === blocks - 1);
  }
  bytes.copy(bytes, bytes.length - 1024, 1024, 1536);
  return {
    bytes,
    used: [
      { startBytes: 0, endBytes: oldBlocks * 2048 },
      { startBytes: (blocks - 1) * 2048, endBytes: blocks * 2048 },
    ],
  };
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
      test(mkfs.join(' '), async (t) => {
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
