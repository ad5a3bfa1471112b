import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';
import { emptyBlockMap, markUsed, type BlockMap } from '../../../engine/filesystems/block-map.ts';
import { fileReader } from '../../../lib/disk/file-reader.ts';
import { bufferReader } from '../../../lib/disk/sector-reader.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { run } from '../../../lib/exec/run.ts';
import { findCompressor } from '../../../engine/imaging/compression.ts';
import { startCapture } from '../../../engine/imaging/capture-stream.ts';
import { usedBlocksImage, usedBlocksOf } from '../../../engine/imaging/used-blocks-image.ts';
import { MIB, scratchDirectory, scratchFile } from '../scratch-disk.ts';

async function imageOf(file: string, used: BlockMap, filesystem: string): Promise<Buffer> {
  const reader = await fileReader(file, 512);
  try {
    const pieces: Buffer[] = [];
    for await (const piece of usedBlocksImage(reader, counted(used), filesystem, () => undefined)) {
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } finally {
    await reader.close();
  }
}

/** A file of random bytes, so that every block is another one. */
async function randomFile(t: TestContext, sizeBytes: number): Promise<string> {
  const file = join(await scratchDirectory(t), 'volume');
  await run('dd', [
    'if=/dev/urandom',
    `of=${file}`,
    'bs=1M',
    `count=${sizeBytes}`,
    'iflag=count_bytes',
  ]);
  return file;
}

test('The image is what partclone writes, byte for byte, when the map is the same.', async (t) => {
  const file = await scratchFile(t, 40 * MIB);
  await run('mkfs.fat', ['-F', '32', file]);
  const directory = await scratchDirectory(t);
  const theirs = join(directory, 'image');
  await run('partclone.fat', [
    '-c',
    '-s',
    file,
    '-O',
    theirs,
    '-L',
    join(directory, 'log'),
    '-a0',
    '-q',
  ]);
  const image = await readFile(theirs);
  const blockBytes = image.readUInt32LE(84);
  const blockCount = Number(image.readBigUInt64LE(60));
  const bits = image.subarray(110, 110 + Math.ceil(blockCount / 8));
  const ours = await imageOf(file, { blockBytes, blockCount, bits }, 'FAT32');
  assert.ok(ours.equals(image));
});

describe('partclone.restore puts every used block where it was, and no other', () => {
  const maps: readonly [string, number, (used: BlockMap) => void][] = [
    ['every second block', 512, (used) => everyNth(used, 2)],
    ['every seventh block of 4096 bytes', 4096, (used) => everyNth(used, 7)],
    [
      'the first and the last',
      4096,
      (used) => {
        markUsed(used, 0, 1);
        markUsed(used, used.blockCount - 1, 1);
      },
    ],
    ['all', 65536, (used) => markUsed(used, 0, used.blockCount)],
    ['a long run in the middle', 4096, (used) => markUsed(used, 11, 700)],
    ['none', 4096, () => undefined],
  ];
  for (const [title, blockBytes, mark] of maps) {
    test(`partclone.restore puts every used block where it was, and no other: ${title}`, async (t) => {
      // Three blocks more than whole bytes of the map have.
      const blockCount = Math.floor((5 * MIB) / blockBytes / 8) * 8 - 5;
      const source = await randomFile(t, blockCount * blockBytes + 1536);
      const used = emptyBlockMap(blockBytes, blockCount);
      mark(used);
      const directory = await scratchDirectory(t);
      const image = join(directory, 'image');
      const capture = startCapture({
        source: { type: 'used-blocks', device: source, filesystem: 'ext4', used },
        compressor: await findCompressor(run, 'none'),
        workDirectory: directory,
        onProgress: () => undefined,
      });
      assert.ok(capture.output !== null);
      await writeFile(image, await buffer(capture.output));
      await capture.finished;
      const target = join(directory, 'target');
      const original = await readFile(source);
      await writeFile(target, Buffer.alloc(original.length, 0xa5));
      await run('partclone.restore', [
        '-s',
        image,
        '-O',
        target,
        '-L',
        join(directory, 'log'),
        '-C',
        '-q',
      ]);
      const wanted = Buffer.alloc(original.length, 0xa5);
      for (let block = 0; block < blockCount; block += 1) {
        if (((used.bits[block >> 3] ?? 0) & (1 << (block & 7))) === 0) continue;
        original.copy(wanted, block * blockBytes, block * blockBytes, (block + 1) * blockBytes);
      }
      assert.ok((await readFile(target)).equals(wanted));
    });
  }
});

test('What lies between used blocks may be unreadable; a used one that is, is named.', async () => {
  const bytes = Buffer.alloc(64 * 512, 'data');
  const good = bufferReader(bytes, 512);
  const failing = {
    ...good,
    read: (start: number, count: number): Promise<Buffer> =>
      start <= 9 && start + count > 9
        ? Promise.reject(
            new OperatorError({ code: 'disk-read-failed', message: 'reading sector 9', hint: '' }),
          )
        : good.read(start, count),
  };
  const used = emptyBlockMap(512, 64);
  markUsed(used, 0, 9);
  markUsed(used, 10, 5);
  const read = async (): Promise<number> => {
    let total = 0;
    for await (const piece of usedBlocksImage(failing, counted(used), 'vfat', () => undefined)) {
      total += piece.length;
    }
    return total;
  };
  assert.equal(await read(), 110 + 8 + 4 + 14 * 512);
  markUsed(used, 9, 1);
  await assert.rejects(read(), /reading sector 9/);
});

test('A compressor that ends early fails the capture with its own end.', async (t) => {
  const source = await randomFile(t, 4 * MIB);
  const used = emptyBlockMap(4096, 1024);
  markUsed(used, 0, 1024);
  const directory = await scratchDirectory(t);
  const none = await findCompressor(run, 'none');
  const capture = startCapture({
    source: { type: 'used-blocks', device: source, filesystem: 'ext4', used },
    compressor: { ...none, compressStages: [{ tool: 'false', args: [] }] },
    workDirectory: directory,
    onProgress: () => undefined,
  });
  capture.output?.resume();
  await assert.rejects(capture.finished, /running false/);
});

test('What is wrong with the capture itself is told, not the end of the programs that it ended.', async (t) => {
  const source = await randomFile(t, 4 * MIB);
  const used = emptyBlockMap(4096, 2048);
  markUsed(used, 2000, 1);
  const capture = startCapture({
    source: { type: 'used-blocks', device: source, filesystem: 'ext4', used },
    compressor: await findCompressor(run, 'none'),
    workDirectory: await scratchDirectory(t),
    onProgress: () => undefined,
  });
  capture.output?.resume();
  await assert.rejects(capture.finished, RangeError);
});

function counted(used: BlockMap): { used: BlockMap; usedBlocks: number } {
  return { used, usedBlocks: usedBlocksOf(used) };
}

function everyNth(used: BlockMap, step: number): void {
  for (let block = 0; block < used.blockCount; block += step) markUsed(used, block, 1);
}
