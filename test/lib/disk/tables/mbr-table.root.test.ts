import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MbrEntry } from '../../../../lib/disk/tables/mbr.ts';
import { readPartitionTable } from '../../../../lib/disk/tables/partition-table.ts';
import { bufferReader } from '../../../../lib/disk/sector-reader.ts';
import { assertRefused, assertSound } from './assertions.ts';
import { link, used, writeTable } from './raw-tables.ts';
import { MIB, scratchFile } from '../../../engine/scratch-disk.ts';
import {
  placeOf,
  placesOf,
  readDisk,
  sfdisk,
  sfdiskTable,
  writeBytes,
} from './partitioned-file.ts';
import { english } from '../../../support/messages.ts';

const DISK_BYTES = 64 * MIB;
const DISK_SECTORS = DISK_BYTES / 512;

/** An extended partition with four logical ones, the last two created in the room before and between. */
const OUT_OF_ORDER = `label: dos
label-id: 0x12ab34cd
start=63, size=10000, type=7, bootable
start=20480, size=90000, type=f
start=12288, size=4096, type=c
start=61440, size=8192, type=83
start=40000, size=8192, type=82
start=20543, size=4096, type=83
start=100000, size=10000, type=83
`;

for (const sectorSizeBytes of [512, 4096]) {
  test(`an MBR with logical partitions out of order is read as sfdisk reads it (${sectorSizeBytes})`, async (t) => {
    const path = await scratchFile(t, DISK_SECTORS * sectorSizeBytes);
    await sfdisk(path, OUT_OF_ORDER, sectorSizeBytes);
    const found = await readDisk(path, sectorSizeBytes);
    const expected = await sfdiskTable(path, sectorSizeBytes);
    const { table } = found;
    assert.ok(table.type === 'dos');
    assert.equal(`0x${table.diskSignature}`, expected.id);
    assert.equal(table.sectorSizeBytes, sectorSizeBytes);
    assert.equal(table.diskSectors, DISK_SECTORS);
    assert.equal(table.partitions.length, 7);
    assert.deepEqual(table.partitions.map(placeOf), placesOf(expected));
    assert.deepEqual(
      table.partitions.map(({ typeByte, active }) => ({ type: typeByte.toString(16), active })),
      expected.partitions.map(({ type, bootable }) => ({ type, active: bootable === true })),
    );
    assert.deepEqual(
      table.partitions.map(({ kind }) => kind),
      ['primary', 'extended', 'primary', 'logical', 'logical', 'logical', 'logical'],
    );
    await assertSound(found, path);
    assert.deepEqual(
      found.areas.map(({ kind }) => kind),
      ['mbr', 'ebr', 'ebr', 'ebr', 'ebr'],
    );
    assert.deepEqual(found.warnings, []);
  });
}

test('an MBR whose first EBR is missing has an empty extended partition, with a warning', async (t) => {
  const path = await scratchFile(t, DISK_BYTES);
  await sfdisk(path, 'label: dos\nstart=2048, size=2048, type=5\n');
  await writeBytes(path, 2048 * 512, Buffer.alloc(512));
  const found = await readDisk(path);
  assert.equal(
    english(found.warnings),
    'The extended partition 1 has no EBR: it is taken as empty',
  );
  assert.equal(found.areas.length, 1);
});

test('a table without partitions is read, with a warning', async (t) => {
  const path = await scratchFile(t, DISK_BYTES);
  await sfdisk(path, 'label: dos\n');
  const found = await readDisk(path);
  assert.deepEqual(found.table.partitions, []);
  assert.equal(found.warnings.length, 1);
});

test('wrong MBR partitions are refused by name', async () => {
  const cases: [MbrEntry[], RegExp][] = [
    [
      [used(1, 10), used(5, 10)],
      /partition 1 \(sectors 1 to 10\) and partition 2 \(sectors 5 to 14\) have/,
    ],
    [[used(0, 10)], /the MBR .* and partition 1 \(sectors 0 to 9\) have sectors in common$/],
    [
      [used(10, 10), used(90, 11)],
      /partition 2 \(sectors 90 to 100\) ends after the disk, which has 100/,
    ],
    [[used(90, 0xffffffff)], /partition 1 \(sectors 90 to 4294967384\) ends after the disk/],
  ];
  for (const [entries, message] of cases) {
    const disk = Buffer.alloc(100 * 512);
    writeTable(disk, 0, entries);
    await assertRefused(disk, message);
  }
});

test('EBR chains with a loop, out of bounds or broken are refused by name', async () => {
  const cases: [Record<number, MbrEntry[]>, RegExp][] = [
    [{ 10: [used(1, 5), link(0)] }, /chain of EBRs returns to sector 10 before partition 6/],
    [
      { 10: [used(1, 5), link(10)], 20: [used(1, 5), link(0)] },
      /chain of EBRs returns to sector 10 before partition 7/,
    ],
    [{ 10: [link(0)] }, /chain of EBRs returns to sector 10 before partition 5/],
    [
      { 10: [used(1, 5), link(80)] },
      /EBR of partition 6 in sector 90 is not inside .* 10 to 89\)$/,
    ],
    [{ 10: [used(1, 5), link(0xffffffff)] }, /EBR of partition 6 in sector 4294967305 is not/],
    [{ 10: [used(1, 5), link(20)] }, /the EBR after partition 5, in sector 30, is none$/],
    [
      { 10: [used(1, 80)] },
      /partition 5 \(sectors 11 to 90\) is not inside the extended partition 1/,
    ],
    [
      { 10: [used(0, 5)] },
      /the EBR of partition 5 .* and partition 5 .* in common$|partition 5 .* and the EBR of partition 5/,
    ],
    [
      { 10: [used(1, 25), link(20)], 30: [used(1, 5)] },
      /partition 5 \(sectors 11 to 35\) and the EBR of partition 6 \(sectors 30 to 30\)/,
    ],
    [
      { 10: [used(11, 25), link(2)], 12: [used(1, 10)] },
      /partition 6 \(sectors 13 to 22\) and partition 5 \(sectors 21 to 45\)/,
    ],
  ];
  for (const [ebrs, message] of cases) {
    const disk = Buffer.alloc(100 * 512);
    writeTable(disk, 0, [{ ...used(10, 80), typeByte: 5 }]);
    for (const [sector, entries] of Object.entries(ebrs)) {
      writeTable(disk, Number(sector), entries);
    }
    await assertRefused(disk, message);
  }
});

test('an EBR that is empty but for its link, and garbage in the last entries of one, are read as Linux does', async () => {
  const disk = Buffer.alloc(100 * 512);
  writeTable(disk, 0, [{ ...used(10, 80), typeByte: 0x85 }]);
  writeTable(disk, 10, [used(0, 0), link(20)]);
  writeTable(disk, 30, [used(2, 5), used(0, 0), used(0x1234567, 0x7654321), used(2000, 1)]);
  const { table, areas } = await readPartitionTable(bufferReader(disk, 512));
  assert.ok(table.type === 'dos');
  assert.deepEqual(table.partitions[1], {
    number: 5,
    kind: 'logical',
    startSector: 32,
    sectorCount: 5,
    typeByte: 0x83,
    active: false,
    ebrSector: 30,
  });
  assert.deepEqual(
    areas.map(({ startSector }) => startSector),
    [0, 10, 30],
  );
});
