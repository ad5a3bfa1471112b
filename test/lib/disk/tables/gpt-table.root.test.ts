import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { parseGptHeader, writeGptHeader } from '../../../../lib/disk/tables/gpt.ts';
import { OperatorError } from '../../../../lib/errors.ts';
import { assertRefused, assertSound, dataOf } from './assertions.ts';
import { repairHeaderChecksum } from './raw-tables.ts';
import { MIB, scratchFile } from '../../../engine/scratch-disk.ts';
import {
  placeOf,
  placesOf,
  readBytes,
  readDisk,
  sfdisk,
  sfdiskTable,
  sgdisk,
  writeBytes,
} from './partitioned-file.ts';
import { english } from '../../../support/messages.ts';

const DISK_BYTES = 64 * MIB;
const DISK_SECTORS = DISK_BYTES / 512;

const GPT_SCRIPT = `label: gpt
label-id: 6B8BB5B9-6F3C-4A35-8C10-0D7A2A0C1E11
1: start=2048, size=8192, type=U, name="EFI System", attrs="RequiredPartition"
5: start=12288, size=40000, type=L, name="Grüße 🦔", attrs="LegacyBIOSBootable GUID:63"
3: start=60000, size=100, type=S
`;

for (const sectorSizeBytes of [512, 4096]) {
  test(`a GPT is read as sfdisk reads it (${sectorSizeBytes})`, async (t) => {
    const path = await scratchFile(t, DISK_SECTORS * sectorSizeBytes);
    await sfdisk(path, GPT_SCRIPT, sectorSizeBytes);
    const found = await readDisk(path, sectorSizeBytes);
    const expected = await sfdiskTable(path, sectorSizeBytes);
    const { table } = found;
    assert.ok(table.type === 'gpt');
    assert.equal(table.diskGuid, expected.id);
    assert.equal(table.firstUsableSector, expected.firstlba);
    assert.equal(table.lastUsableSector, expected.lastlba);
    assert.equal(table.backupHeaderSector, DISK_SECTORS - 1);
    assert.equal(table.entriesSector, 2);
    assert.deepEqual(table.partitions.map(placeOf), placesOf(expected));
    assert.deepEqual(
      table.partitions.map(({ typeGuid, guid, name }) => ({ typeGuid, guid, name })),
      expected.partitions.map(({ type, uuid, name }) => ({
        typeGuid: type,
        guid: uuid,
        name: name ?? '',
      })),
    );
    assert.deepEqual(
      table.partitions.map(({ attributes }) => attributes),
      ['0000000000000001', '0000000000000000', '8000000000000004'],
    );
    await assertSound(found, path);
    const entrySectors = (128 * 128) / sectorSizeBytes;
    assert.deepEqual(
      found.areas.map(({ kind, startSector, sectorCount }) => [kind, startSector, sectorCount]),
      [
        ['mbr', 0, 1],
        ['gpt-primary', 1, 1 + entrySectors],
        ['gpt-backup', DISK_SECTORS - 1 - entrySectors, entrySectors + 1],
      ],
    );
    assert.deepEqual(found.warnings, []);
  });
}

test('a hybrid MBR is kept, and its GPT is what counts', async (t) => {
  const path = await gptDisk(t);
  await sgdisk(path, '--hybrid=1:5');
  const found = await readDisk(path);
  assert.ok(found.table.type === 'gpt');
  assert.equal(found.table.partitions.length, 3);
  await assertSound(found, path);
});

test('entries that a boot loader pushed away are found, with what lies before them', async (t) => {
  const path = await gptDisk(t);
  await sgdisk(path, '--move-main-table=1000');
  await writeBytes(path, 512 * 64, Buffer.alloc(512, 0x5a));
  const found = await readDisk(path);
  assert.ok(found.table.type === 'gpt');
  assert.equal(found.table.entriesSector, 1000);
  assert.equal(found.areas[1]?.sectorCount, 1031);
  await assertSound(found, path);
});

test('a GPT with another number of entries is read and kept', async (t) => {
  const path = await gptDisk(t);
  await sgdisk(path, '--resize-table=56');
  const found = await readDisk(path);
  assert.ok(found.table.type === 'gpt');
  assert.equal(found.table.entryCount, 56);
  assert.deepEqual(found.table.partitions.map(placeOf), placesOf(await sfdiskTable(path)));
  await assertSound(found, path);
});

test('a damaged primary GPT is read from the backup and repaired in the areas', async (t) => {
  for (const offset of [512 + 40, 1024 + 41]) {
    const path = await gptDisk(t);
    const original = await readBytes(path, 0, 34 * 512);
    const sound = await readDisk(path);
    await writeBytes(path, offset, Buffer.from([0xff]));
    const found = await readDisk(path);
    assert.deepEqual(found.table, sound.table);
    assert.equal(found.warnings.length, 1);
    assert.match(
      english(found.warnings[0]),
      /^The primary GPT cannot be used \(the checksum of its /,
    );
    assert.ok(dataOf(found.areas[1]).equals(original.subarray(512)));
  }
});

test('a damaged backup GPT is rebuilt in the areas from the primary one', async (t) => {
  const path = await gptDisk(t);
  const sound = await readDisk(path);
  await writeBytes(path, DISK_BYTES - 512, Buffer.alloc(512));
  const found = await readDisk(path);
  assert.deepEqual(found.table, sound.table);
  assert.deepEqual(found.areas, sound.areas);
  assert.match(english(found.warnings[0]), /^The backup GPT in sector 131071 cannot be used/);
});

test('a backup GPT in the middle of an enlarged disk is kept and named', async (t) => {
  const path = await gptDisk(t);
  await truncate(path, DISK_BYTES + 10 * MIB);
  const found = await readDisk(path);
  assert.ok(found.table.type === 'gpt');
  assert.equal(found.table.backupHeaderSector, DISK_SECTORS - 1);
  assert.match(english(found.warnings[0]), /not in the disk's last sector 151551$/);
  await assertSound(found, path);
});

test('a GPT cut off with its backup gets a new backup where there is room', async (t) => {
  const path = await gptDisk(t);
  await truncate(path, 62000 * 512);
  const found = await readDisk(path);
  assert.ok(found.table.type === 'gpt');
  assert.equal(found.table.backupHeaderSector, 61999);
  assert.equal(found.table.lastUsableSector, 61999 - 33);
  assert.equal(found.warnings.length, 1);
});

test('copies of a GPT that differ are named', async (t) => {
  const path = await gptDisk(t);
  const header = await readBytes(path, DISK_BYTES - 512, 512);
  const reading = parseGptHeader(header, DISK_SECTORS - 1);
  assert.ok(reading.type === 'sound');
  const other = { ...reading.header, diskGuid: '00000000-0000-0000-0000-000000000001' };
  await writeBytes(path, DISK_BYTES - 512, writeGptHeader(other));
  const found = await readDisk(path);
  assert.equal(
    english(found.warnings),
    'The two copies of the GPT differ: the primary one is used',
  );
  await assertSound(found, path);
});

test('a protective MBR without any sound GPT is refused', async (t) => {
  const path = await gptDisk(t);
  await writeBytes(path, 512, Buffer.alloc(33 * 512));
  await writeBytes(path, DISK_BYTES - 512, Buffer.alloc(512));
  await assertRefused(path, /neither copy of the GPT can be read/);
});

test('a GPT without protective MBR is refused', async (t) => {
  for (const size of [446, 512]) {
    const path = await gptDisk(t);
    await writeBytes(path, size === 512 ? 0 : 446, Buffer.alloc(size === 512 ? 512 : 64));
    await assertRefused(path, /there is a GPT, but no protective MBR/);
  }
});

test('a GPT made for another sector size is refused as that', async (t) => {
  for (const [made, used] of [
    [512, 4096],
    [4096, 512],
  ] as const) {
    const path = await scratchFile(t, DISK_BYTES);
    await sfdisk(path, 'label: gpt\nsize=1000\n', made);
    await assert.rejects(readDisk(path, used), (error: unknown) => {
      assert.ok(error instanceof OperatorError);
      assert.equal(error.code, 'disk-sector-size');
      assert.match(error.message, new RegExp(`of ${made} bytes, the disk has .* ${used} bytes$`));
      return true;
    });
  }
});

test('GPT partitions that overlap, that cover the GPT or that run backwards are refused', async (t) => {
  const cases: [number, bigint, bigint, RegExp][] = [
    [0, 2048n, 12288n, /partition 1 \(sectors 2048 to 12288\) and partition 5 .* in common$/],
    [
      0,
      33n,
      100n,
      /the primary GPT .* and partition 1 \(sectors 33 to 100\) have sectors in common$/,
    ],
    [4, 12288n, 131050n, /partition 3 .* in common|partition 5 .* in common/],
    [2, 60000n, 131071n, /partition 3 .* and the backup GPT .* in common$/],
    [2, 60000n, 131072n, /partition 3 \(sectors 60000 to 131072\) ends after the disk/],
    [2, 60000n, 59999n, /partition 3 has sectors that no disk has \(60000 to 59999\)$/],
    [2, 2n ** 63n, 2n ** 63n + 1n, /partition 3 has sectors that no disk has/],
  ];
  for (const [index, first, last, message] of cases) {
    const path = await gptDisk(t);
    const entry = Buffer.alloc(16);
    entry.writeBigUInt64LE(first, 0);
    entry.writeBigUInt64LE(last, 8);
    await writeBytes(path, 1024 + index * 128 + 32, entry);
    await writeBytes(path, 512, await headerForEntries(path));
    await assertRefused(path, message);
  }
});

async function gptDisk(t: TestContext): Promise<string> {
  const path = await scratchFile(t, DISK_BYTES);
  await sfdisk(path, GPT_SCRIPT);
  return path;
}

/** The primary header of the disk with the checksum of the entries that are there now. */
async function headerForEntries(path: string): Promise<Buffer> {
  const disk = await readBytes(path, 0, 34 * 512);
  repairHeaderChecksum(disk);
  return disk.subarray(512, 1024);
}
