import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import {
  emptyBlockMap,
  isUsed,
  markUsed,
  type BlockMap,
} from '../../../engine/filesystems/block-map.ts';
import { compareWithProgram, type Coverage } from '../../../engine/imaging/coverage.ts';
import { MIB, scratchDirectory } from '../scratch-disk.ts';
import { makeVolume } from './copy-proof.ts';
import { usedByExt } from './ext-volume.ts';
import { english } from '../../support/messages.ts';

const SIZE = 32 * MIB;
/** Free in a new ext4 of that size with blocks of 1 KiB: it has its metadata elsewhere. */
const FREE_BLOCK = 30_000;

async function compare(
  t: TestContext,
  file: string,
  used: BlockMap,
  type = 'ext4',
): Promise<Coverage> {
  const program = filesystemOf(type).program ?? assert.fail();
  return compareWithProgram({ device: file, sizeBytes: SIZE }, program, used, {
    workDirectory: await scratchDirectory(t),
    signal: new AbortController().signal,
  });
}

function mapWith(blockBytes: number, blockCount: number, ...blocks: number[]): BlockMap {
  const map = emptyBlockMap(blockBytes, blockCount);
  for (const block of blocks) markUsed(map, block, 1);
  return map;
}

test('One used block that partclone takes for free is seen, whatever the size of the blocks.', async (t) => {
  const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F', '-b', '1024']);
  const missing = async (map: BlockMap): Promise<number> => {
    const coverage = await compare(t, file, map);
    return coverage.type === 'partial' ? coverage.missingBlocks : 0;
  };
  assert.deepEqual(await compare(t, file, mapWith(1024, 32_768, 0, 1, 2)), { type: 'complete' });
  assert.deepEqual(await compare(t, file, mapWith(512, 65_536, 1, 2, 3)), { type: 'complete' });
  assert.equal(await missing(mapWith(1024, 32_768, 1, FREE_BLOCK)), 1);
  assert.equal(await missing(mapWith(512, 65_536, 1, FREE_BLOCK * 2 + 1)), 1);
  assert.ok((await missing(mapWith(4096, 8192, 0, FREE_BLOCK / 4))) > 0);
});

test('A used block behind the last one that partclone knows is seen.', async (t) => {
  const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F', '-b', '4096']);
  const coverage = await compare(t, file, mapWith(1024, 40_000, 3, 32_768, 39_999));
  assert.deepEqual(coverage, { type: 'partial', missingBlocks: 2 });
});

test('Where partclone would leave out something, the map has what either calls used.', async (t) => {
  const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F', '-b', '1024']);
  const map = mapWith(1024, 32_768, FREE_BLOCK);
  await compare(t, file, map);
  const used = await usedByExt(file);
  for (const { startBytes, endBytes } of used) {
    for (let at = startBytes; at < endBytes; at += 1024) {
      assert.ok(isUsed(map, at / 1024), `block ${at / 1024}`);
    }
  }
  assert.ok(isUsed(map, FREE_BLOCK));
});

test('What partclone refuses is said in a line, in its own words.', async (t) => {
  const file = await makeVolume(t, SIZE, ['mkfs.minix', '-3']);
  const reason = async (type: string): Promise<string> => {
    const coverage = await compare(t, file, mapWith(1024, 32_768, 0), type);
    return coverage.type === 'unknown' ? english(coverage.reason) : coverage.type;
  };
  assert.equal(
    await reason('ext4'),
    "partclone.extfs cannot read it (Couldn't find valid filesystem superblock)",
  );
  assert.equal(await reason('minix'), 'partclone.minix cannot read it (seek failed)');
});

test('The question ends when the work is stopped.', async (t) => {
  const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F', '-b', '1024']);
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  const program = filesystemOf('ext4').program ?? assert.fail();
  await assert.rejects(
    compareWithProgram({ device: file, sizeBytes: SIZE }, program, mapWith(1024, 32_768, 0), {
      workDirectory: await scratchDirectory(t),
      signal: stop.signal,
    }),
    /stopped/,
  );
});
