import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import {
  copySectors,
  readRangeStage,
  writeRangeStage,
  writeSectors,
} from '../../../engine/tools/dd.ts';
import { flushBuffers } from '../../../engine/tools/blockdev.ts';
import { startPipeline } from '../../../lib/exec/pipeline.ts';
import { run } from '../../../lib/exec/run.ts';
import { sectorsToBytes, type SectorRange } from '../../../lib/units.ts';
import { readBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { afterTest, makeScratchDisk, MIB, type ScratchDisk } from '../scratch-disk.ts';

/** One partition that begins in the middle of a page of the page cache, as DOS and Windows XP laid them out. */
const OLD_DISK = { sizeBytes: 8 * MIB, script: 'label: dos\nunit: sectors\nstart=63, size=8001\n' };
const GAP: SectorRange = { startSector: 1, sectorCount: 62 };
const PARTITION: SectorRange = { startSector: 63, sectorCount: 8001 };

function makeOldDisk(t: TestContext): Promise<ScratchDisk> {
  return makeScratchDisk(t, OLD_DISK);
}

async function readRange(disk: string, range: SectorRange, sectorSizeBytes = 512): Promise<Buffer> {
  const pipeline = startPipeline([readRangeStage(disk, range, sectorSizeBytes)], {
    input: 'none',
    output: 'stream',
  });
  assert.ok(pipeline.output !== null);
  const bytes = await buffer(pipeline.output);
  await pipeline.finished;
  return bytes;
}

/** Both what is read through the device and what is in the file behind it. */
async function assertOnDisk(
  { address, file }: ScratchDisk,
  range: SectorRange,
  expected: Buffer,
): Promise<void> {
  const atBytes = sectorsToBytes(range.startSector, 512);
  assert.ok((await readRange(address, range)).equals(expected), 'as the device reads');
  assert.ok((await readBytes(file, atBytes, expected.length)).equals(expected), 'as the file has');
}

test('A gap written while its neighbour partition is written through a device of its own leaves both exact.', async (t) => {
  const disk = await makeOldDisk(t);
  // The disk is kept open, as a lock keeps it, and its cache has the page that gap and partition share.
  const lock = await open(disk.address, 'r');
  afterTest(t, () => lock.close());
  await lock.read(Buffer.alloc(8192), 0, 8192, 56 * 512);
  const gap = randomBytes(sectorsToBytes(GAP.sectorCount, 512));
  const content = randomBytes(sectorsToBytes(PARTITION.sectorCount, 512));
  const partition = await open(`${disk.address}p1`, 'r+');
  try {
    // On the disk, but not in the disk's cache: a writer through that would put the old sector 63 back.
    await partition.write(content, 0, content.length / 2, 0);
    await partition.sync();
    const pipeline = startPipeline([writeRangeStage(disk.address, GAP, 512)], {
      input: 'stream',
      output: 'none',
    });
    // In two pieces that are no whole blocks.
    pipeline.input?.write(gap.subarray(0, 1001));
    await partition.write(content, content.length / 2, content.length / 2, content.length / 2);
    pipeline.input?.end(gap.subarray(1001));
    await pipeline.finished;
  } finally {
    await partition.close();
  }
  await flushBuffers(run, `${disk.address}p1`);
  await flushBuffers(run, disk.address);
  await assertOnDisk(disk, GAP, gap);
  await assertOnDisk(disk, PARTITION, content);
});

test('Single sectors go to odd places and touch no other.', async (t) => {
  const disk = await makeOldDisk(t);
  const before = randomBytes(8 * 512);
  await writeSectors(run, disk.address, 60, before, 512);
  const one = randomBytes(512);
  await writeSectors(run, disk.address, 63, one, 512);
  const expected = Buffer.concat([before.subarray(0, 3 * 512), one, before.subarray(4 * 512)]);
  await assertOnDisk(disk, { startSector: 60, sectorCount: 8 }, expected);
});

test('Sectors of 4096 bytes are counted as such.', async (t) => {
  const disk = await makeScratchDisk(t, { ...OLD_DISK, script: '', sectorSizeBytes: 4096 });
  const data = randomBytes(3 * 4096);
  await writeSectors(run, disk.address, 5, data, 4096);
  await flushBuffers(run, disk.address);
  assert.ok((await readBytes(disk.file, 5 * 4096, data.length)).equals(data));
  const range = { startSector: 6, sectorCount: 2 };
  assert.ok((await readRange(disk.address, range, 4096)).equals(data.subarray(4096)));
});

test('A sector is copied to another place of the same device.', async (t) => {
  const disk = await makeOldDisk(t);
  const sector = randomBytes(512);
  await writeSectors(run, `${disk.address}p1`, 0, sector, 512);
  await copySectors(run, `${disk.address}p1`, {
    fromSector: 0,
    toSector: PARTITION.sectorCount - 1,
    sectorSizeBytes: 512,
  });
  await assertOnDisk(disk, { startSector: 63 + 8000, sectorCount: 1 }, sector);
});

test('Writing beyond the end of the disk fails.', async (t) => {
  const disk = await makeOldDisk(t);
  const end = (8 * MIB) / 512;
  await assert.rejects(writeSectors(run, disk.address, end - 1, randomBytes(1024), 512), {
    code: 'tool-failed',
  });
});

test('Writing to a disk that is gone makes no file in its place.', async (t) => {
  const { directory } = await makeOldDisk(t);
  const gone = `${directory}/sda`;
  await assert.rejects(writeSectors(run, gone, 0, randomBytes(512), 512), { code: 'tool-failed' });
  await assert.rejects(open(gone), { code: 'ENOENT' });
});
