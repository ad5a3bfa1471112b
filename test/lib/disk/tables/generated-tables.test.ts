import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { requiredBytes } from '../../../../lib/disk/layout/fit.ts';
import { fitAreas, gapsOf } from '../../../../lib/disk/tables/kinds.ts';
import {
  arraySectors,
  entriesCrcOf,
  UNUSED_TYPE,
  writeGptEntries,
  writeGptHeader,
  type GptEntry,
  type GptHeader,
} from '../../../../lib/disk/tables/gpt.ts';
import { readPartitionTable } from '../../../../lib/disk/tables/partition-table.ts';
import { bufferReader } from '../../../../lib/disk/sector-reader.ts';
import type { TableOnDisk } from '../../../../lib/disk/tables/table-area.ts';
import type { SectorRange } from '../../../../lib/units.ts';
import { dataOf } from './assertions.ts';
import { used, writeTable } from './raw-tables.ts';
import { placeOf } from './partitioned-file.ts';

const DISK_SECTORS = 400;

type Logical = SectorRange & { readonly ebrSector: number };
type GeneratedMbr = {
  readonly disk: Buffer;
  readonly primary: SectorRange;
  readonly extended: SectorRange;
  /** In the order of the chain. */
  readonly logicals: readonly Logical[];
};

/** Slots of random lengths, each an EBR, a gap and a partition; the chain visits them in random order. */
const generatedMbr: fc.Arbitrary<GeneratedMbr> = fc
  .record({
    primaryFirst: fc.integer({ min: 1, max: 20 }),
    extendedFirst: fc.integer({ min: 30, max: 40 }),
    slots: fc.array(
      fc.record({
        spare: fc.nat({ max: 9 }),
        gap: fc.nat({ max: 20 }),
        size: fc.integer({ min: 1, max: 15 }),
        rank: fc.nat(),
      }),
      { minLength: 1, maxLength: 7 },
    ),
    noise: fc.uint8Array({ minLength: 446, maxLength: 446 }),
  })
  .map(({ primaryFirst, extendedFirst, slots, noise }) => {
    let next = extendedFirst;
    const placed = slots.map(({ spare, gap, size, rank }, index) => {
      // The chain begins in the first sector of the extended partition.
      const ebrSector = index === 0 ? next : next + spare;
      next = ebrSector + 1 + gap + size;
      const logical = { ebrSector, startSector: ebrSector + 1 + gap, sectorCount: size };
      return { logical, rank: index === 0 ? -1 : rank };
    });
    const logicals = placed.toSorted((a, b) => a.rank - b.rank).map(({ logical }) => logical);
    const primary = { startSector: primaryFirst, sectorCount: 8 };
    const extended = { startSector: extendedFirst, sectorCount: DISK_SECTORS - extendedFirst };
    const disk = Buffer.alloc(DISK_SECTORS * 512);
    writeTable(disk, 0, [
      used(primary.startSector, primary.sectorCount),
      { ...used(extended.startSector, extended.sectorCount), typeByte: 0x0f },
    ]);
    for (const [index, { ebrSector, startSector, sectorCount }] of logicals.entries()) {
      const following = logicals[index + 1];
      const links =
        following === undefined
          ? []
          : [{ ...used(following.ebrSector - extendedFirst, 1), typeByte: 0x05 }];
      writeTable(disk, ebrSector, [used(startSector - ebrSector, sectorCount), ...links]);
    }
    for (const sector of [0, ...logicals.map(({ ebrSector }) => ebrSector)]) {
      disk.set(noise, sector * 512);
    }
    return { disk, primary, extended, logicals };
  });

test('any MBR with its EBRs is read as it was written, boot code in every sector of it included', async () => {
  await fc.assert(
    fc.asyncProperty(generatedMbr, async ({ disk, primary, extended, logicals }) => {
      const found = await readPartitionTable(bufferReader(disk, 512));
      assert.deepEqual(
        found.table.partitions.map(placeOf),
        [primary, extended]
          .map((range, index) => ({ number: index + 1, ...range }))
          .concat(
            logicals.map(({ startSector, sectorCount }, index) => ({
              number: index + 5,
              startSector,
              sectorCount,
            })),
          ),
      );
      assertAreasOnDisk(found, disk, 512);
      assert.equal(found.areas.length, logicals.length + 1);
      assert.ok(requiredBytes(found.table) <= disk.length);
    }),
  );
});

test('the gaps of any MBR are just the sectors before the first partition and from each EBR to its partition', async () => {
  await fc.assert(
    fc.asyncProperty(generatedMbr, async ({ disk, primary, logicals }) => {
      const wanted = new Set<number>();
      for (let sector = 1; sector < primary.startSector; sector += 1) wanted.add(sector);
      for (const { ebrSector, startSector } of logicals) {
        for (let sector = ebrSector + 1; sector < startSector; sector += 1) wanted.add(sector);
      }
      for (const { ebrSector, startSector, sectorCount } of logicals) {
        wanted.delete(ebrSector);
        for (const sector of sectorsOf({ startSector, sectorCount })) wanted.delete(sector);
      }
      const gaps = gapsOf((await readPartitionTable(bufferReader(disk, 512))).table);
      assert.deepEqual(
        gaps.flatMap(sectorsOf),
        [...wanted].toSorted((a, b) => a - b),
      );
      assert.ok(gaps.every(({ sectorCount }) => sectorCount > 0));
    }),
  );
});

type GeneratedGpt = {
  readonly disk: Buffer;
  readonly sectorSizeBytes: number;
  readonly partitions: readonly (SectorRange & { readonly number: number })[];
};

/** Entries of any size and number at any place, the partitions in any order among garbage in unused entries. */
const generatedGpt: fc.Arbitrary<GeneratedGpt> = fc
  .record({
    sectorSizeBytes: fc.constantFrom(512, 4096),
    entrySizeBytes: fc.constantFrom(128, 136, 256),
    entryCount: fc.integer({ min: 8, max: 140 }),
    entriesSector: fc.integer({ min: 2, max: 6 }),
    sizes: fc.array(fc.tuple(fc.nat({ max: 12 }), fc.integer({ min: 1, max: 12 }), fc.nat()), {
      maxLength: 8,
    }),
    noise: fc.uint8Array({ minLength: 112, maxLength: 112 }),
  })
  .map(({ sectorSizeBytes, entriesSector, sizes, noise, ...shape }) => {
    const noiseBytes = Buffer.from(noise);
    const entrySectors = arraySectors(shape, sectorSizeBytes);
    const firstUsableSector = entriesSector + entrySectors;
    let next = firstUsableSector;
    const placed = sizes.map(([gap, size, rank]) => {
      const startSector = next + gap;
      next = startSector + size;
      return { startSector, sectorCount: size, rank };
    });
    const partitions = placed
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ startSector, sectorCount }, index) => ({
        number: index + 1,
        startSector,
        sectorCount,
      }));
    const entries = Array.from({ length: shape.entryCount }, (_, index): GptEntry => {
      const partition = partitions[index];
      return {
        typeGuid: partition === undefined ? UNUSED_TYPE : '0FC63DAF-8483-4772-8E79-3D69D8477DE4',
        guid: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
        firstSector: partition === undefined ? 2n ** 64n - 1n : BigInt(partition.startSector),
        lastSector:
          partition === undefined
            ? noiseBytes.readBigUInt64LE(0)
            : BigInt(partition.startSector + partition.sectorCount - 1),
        attributes: noiseBytes.readBigUInt64LE(8),
        nameUnits: noiseBytes.subarray(16, 88),
        rest: Buffer.alloc(shape.entrySizeBytes - 128, noiseBytes.subarray(88)),
      };
    });
    const diskSectors = next + entrySectors + 10;
    const array = writeGptEntries(entries);
    const primary: GptHeader = {
      revision: 0x00010000,
      headerSizeBytes: 92,
      reserved: noiseBytes.readUInt32LE(4),
      ownSector: 1,
      alternateSector: diskSectors - 1,
      firstUsableSector,
      lastUsableSector: diskSectors - entrySectors - 2,
      diskGuid: '01234567-89AB-CDEF-0123-456789ABCDEF',
      entriesSector,
      ...shape,
      entriesCrc: entriesCrcOf(array, shape),
      rest: Buffer.alloc(sectorSizeBytes - 92, noiseBytes),
    };
    const backup = {
      ...primary,
      ownSector: diskSectors - 1,
      alternateSector: 1,
      entriesSector: diskSectors - 1 - entrySectors,
    };
    const disk = Buffer.alloc(diskSectors * sectorSizeBytes, noiseBytes);
    writeTable(disk, 0, [{ ...used(1, diskSectors - 1), typeByte: 0xee }]);
    for (const header of [primary, backup]) {
      writeGptHeader(header).copy(disk, header.ownSector * sectorSizeBytes);
      array.copy(disk, header.entriesSector * sectorSizeBytes);
    }
    return { disk, sectorSizeBytes, partitions };
  });

test('any GPT is read as it was written, and its areas are what the disk has', async () => {
  await fc.assert(
    fc.asyncProperty(generatedGpt, async ({ disk, sectorSizeBytes, partitions }) => {
      const found = await readPartitionTable(bufferReader(disk, sectorSizeBytes));
      assert.deepEqual(found.table.partitions.map(placeOf), partitions);
      assertAreasOnDisk(found, disk, sectorSizeBytes);
      assert.ok(requiredBytes(found.table) <= disk.length);
      assert.deepEqual(fitAreas(found.areas, found.table, found.table.diskSectors), found.areas);
    }),
  );
});

test('any GPT fitted to any disk that is large enough is sound there and has the same partitions', async () => {
  const extraSectors = fc.oneof(fc.constant(0), fc.nat({ max: 300 }));
  await fc.assert(
    fc.asyncProperty(generatedGpt, extraSectors, async ({ disk, sectorSizeBytes }, extra) => {
      const { table, areas } = await readPartitionTable(bufferReader(disk, sectorSizeBytes));
      const targetSectors = requiredBytes(table) / sectorSizeBytes + extra;
      const target = Buffer.alloc(targetSectors * sectorSizeBytes);
      for (const area of fitAreas(areas, table, targetSectors)) {
        dataOf(area).copy(target, area.startSector * sectorSizeBytes);
      }
      const fitted = await readPartitionTable(bufferReader(target, sectorSizeBytes));
      assert.ok(fitted.table.type === 'gpt');
      assert.equal(fitted.table.backupHeaderSector, targetSectors - 1);
      assert.deepEqual(fitted.table.partitions, table.partitions);
      assert.deepEqual(
        fitted.warnings.filter(({ id }) => id !== 'note.no-partition'),
        [],
      );
      const back = fitAreas(fitted.areas, fitted.table, table.diskSectors);
      assert.deepEqual(back.slice(0, 2), areas.slice(0, 2));
    }),
  );
});

function assertAreasOnDisk({ areas }: TableOnDisk, disk: Buffer, sectorSizeBytes: number): void {
  for (const area of areas) {
    const start = area.startSector * sectorSizeBytes;
    const onDisk = disk.subarray(start, start + area.sectorCount * sectorSizeBytes);
    assert.ok(dataOf(area).equals(onDisk), `the area ${area.kind} is what the disk has`);
  }
}

function sectorsOf({ startSector, sectorCount }: SectorRange): number[] {
  return Array.from({ length: sectorCount }, (_, index) => startSector + index);
}
