import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { startCapture } from '../../../engine/imaging/capture-stream.ts';
import { findCompressor } from '../../../engine/imaging/compression.ts';
import { finishNtfs } from '../after-restore.ts';
import { startRestore } from '../../../engine/imaging/restore-stream.ts';
import { writeSectors } from '../../../engine/tools/dd.ts';
import { run } from '../../../lib/exec/run.ts';
import { Compression } from '../../../lib/model/image.ts';
import { readBytes, writeBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { MIB, scratchDirectory } from '../scratch-disk.ts';
import {
  assertSound,
  capture,
  describeFiles,
  filesystemSource,
  FILESYSTEMS,
  makeFilled,
  makePartition,
  restore,
  streamOf,
  type FilesystemName,
} from './partition-copy.ts';

const ROUND_TRIPS: readonly (readonly [FilesystemName, Compression])[] = [
  ...Compression.options.map((compression) => ['ext4', compression] as const),
  ['ntfs', 'gzip'],
  ['vfat', 'lzo'],
  ['xfs', 'zstd'],
  ['btrfs', 'none'],
  ['exfat', 'zstd'],
];

describe('A file system that is captured and restored', { concurrency: 3 }, () => {
  for (const [name, compression] of ROUND_TRIPS) {
    test(`A file system that is captured and restored is the same: ${name}, compression ${compression}`, async (t) => {
      const source = await makeFilled(t, name);
      const compressor = await findCompressor(run, compression);
      const taken = await capture(t, filesystemSource(source.device, name), compressor);
      const plain = await capture(t, filesystemSource(source.device, name));
      // Header and bitmap come to the blocks in use; of btrfs partclone copies some more than it says.
      assert.ok(plain.bytes.length > taken.usedBytes);
      const surplus = plain.bytes.length - taken.usedBytes;
      assert.ok(surplus < (name === 'btrfs' ? 8 : 1) * MIB, `${surplus} bytes more`);
      assert.equal(taken.usedBytes, plain.usedBytes);
      assert.ok(compression === 'none' || taken.bytes.length < plain.bytes.length);

      const copy = await makePartition(t, FILESYSTEMS[name].sizeBytes);
      await writeSectors(run, copy.device, 0, randomBytes(4 * MIB), 512);
      const target = { type: 'partition', device: copy.device } as const;
      await restore(t, taken.bytes, 'partclone', target, compressor);
      // Without it ntfsfix, and Windows, find the copy unsound.
      if (name === 'ntfs') await finishNtfs(copy.device);
      await assertSound(copy, name);
      assert.deepEqual(await describeFiles(copy, name), await describeFiles(source, name));
      const again = await capture(t, filesystemSource(copy.device, name));
      assert.ok(again.bytes.equals(plain.bytes), 'the used blocks are the same');
    });
  }
});

test('A device is copied sector by sector to one that is larger.', async (t) => {
  const source = await makePartition(t, 3 * MIB);
  const content = randomBytes(3 * MIB);
  await writeSectors(run, source.device, 0, content, 512);
  const compressor = await findCompressor(run, 'gzip');
  const { bytes } = await capture(t, { type: 'device', device: source.device }, compressor);
  const copy = await makePartition(t, 4 * MIB);
  const target = { type: 'partition', device: copy.device } as const;
  await restore(t, bytes, 'raw', target, compressor, content.length);
  assert.ok((await readBytes(copy.file, MIB, content.length)).equals(content));
});

test('A gap is copied to its place, whatever the compression, and nothing beside it.', async (t) => {
  const source = await makePartition(t, 2 * MIB);
  const around = randomBytes(MIB);
  await writeBytes(source.file, 0, around);
  const range = { startSector: 1, sectorCount: 61 };
  const compressor = await findCompressor(run, 'lzo');
  const place = { type: 'range', range, disk: source.address, sectorSizeBytes: 512 } as const;
  const { bytes } = await capture(t, place, compressor);
  const copy = await makePartition(t, 2 * MIB);
  await writeSectors(run, copy.address, 0, Buffer.alloc(MIB, 0xaa), 512);
  await restore(t, bytes, 'raw', { ...place, disk: copy.address }, compressor, 61 * 512);
  const found = await readBytes(copy.file, 0, MIB);
  assert.ok(found.subarray(512, 62 * 512).equals(around.subarray(512, 62 * 512)));
  assert.ok(found.subarray(0, 512).every((byte) => byte === 0xaa));
  assert.ok(found.subarray(62 * 512).every((byte) => byte === 0xaa));
});

test('The backup boot sector of NTFS is where Windows looks for it.', async (t) => {
  const { device, file } = await makeFilled(t, 'ntfs');
  const endBytes = MIB + FILESYSTEMS.ntfs.sizeBytes;
  await writeSectors(
    run,
    device,
    FILESYSTEMS.ntfs.sizeBytes / 512 - 1,
    Buffer.alloc(512, 0xaa),
    512,
  );
  assert.equal(await finishNtfs(device), undefined);
  const boot = await readBytes(file, MIB, 512);
  assert.equal(boot.toString('latin1', 3, 7), 'NTFS');
  assert.ok((await readBytes(file, endBytes - 512, 512)).equals(boot));
});

test('Where there is no room for the backup boot sector, that is a warning and nothing is written.', async (t) => {
  const { device, file } = await makeFilled(t, 'ntfs');
  const boot = await readBytes(file, MIB, 512);
  const sectors = boot.readBigUInt64LE(0x28);
  boot.writeBigUInt64LE(sectors + 1n, 0x28);
  await writeSectors(run, device, 0, boot, 512);
  const before = await readBytes(file, 0, FILESYSTEMS.ntfs.sizeBytes + 2 * MIB);
  const end = await finishNtfs(device);
  assert.equal(end?.state, 'warned');
  assert.ok((await readBytes(file, 0, before.length)).equals(before));
});

test('A file system that no program reads by its used blocks is copied sector by sector.', () => {
  assert.equal(filesystemOf('crypto_LUKS').program, null);
  assert.equal(filesystemOf(null).program, null);
  assert.equal(filesystemOf('ext2').program?.name, 'partclone.extfs');
});

test('A compressor is named with its version; the second best is taken, and none is tool-missing.', async () => {
  assert.match((await findCompressor(run, 'zstd')).tool, /^zstd 1\.\d+\.\d+$/);
  const missing = new Set(['pigz']);
  const without: typeof run = (tool, args, options) =>
    run(missing.has(tool) ? `no-${tool}` : tool, args, options);
  assert.match((await findCompressor(without, 'gzip')).tool, /^gzip 1\./);
  missing.add('gzip');
  await assert.rejects(findCompressor(without, 'gzip'), {
    code: 'tool-missing',
    message: /no-pigz/,
  });
});

test("partclone's log file is gone afterwards.", async (t) => {
  const { device } = await makeFilled(t, 'exfat');
  const workDirectory = await scratchDirectory(t);
  const pipeline = startCapture({
    source: filesystemSource(device, 'exfat'),
    compressor: await findCompressor(run, 'none'),
    workDirectory,
    onProgress: () => undefined,
  });
  pipeline.output?.resume();
  await pipeline.finished;
  assert.deepEqual(await readdir(workDirectory), []);
});

test('Without a directory for its log file, where partclone would do nothing and be content, nothing begins.', async (t) => {
  const { device } = await makeFilled(t, 'exfat');
  const compressor = await findCompressor(run, 'zstd');
  const directory = await scratchDirectory(t);
  const workDirectory = `${directory}/gone`;
  const missing = { code: 'ENOENT' };
  assert.throws(
    () =>
      startCapture({
        source: filesystemSource(device, 'exfat'),
        compressor,
        workDirectory,
        onProgress: () => undefined,
      }),
    missing,
  );
  const stream = streamOf('p1.partclone.zst', 'partclone', Buffer.alloc(1));
  const target = { type: 'partition', device } as const;
  assert.throws(() => startRestore({ stream, target, compressor, workDirectory }), missing);
});
