/** What every kind of partition table must do, with tables that sfdisk has made. A kind without a contract does not compile. */

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fitFaults, requiredBytes } from '../../../../lib/disk/layout/fit.ts';
import { bufferReader } from '../../../../lib/disk/sector-reader.ts';
import {
  fitAreas,
  gapsOf,
  inWritingOrder,
  requiredSectors,
  TABLE_KINDS,
} from '../../../../lib/disk/tables/kinds.ts';
import { readPartitionTable } from '../../../../lib/disk/tables/partition-table.ts';
import { endOf } from '../../../../lib/disk/tables/ranges.ts';
import { OperatorError } from '../../../../lib/errors.ts';
import { run } from '../../../../lib/exec/run.ts';
import type { PartitionTable } from '../../../../lib/model/partition-table.ts';
import type { SectorRange } from '../../../../lib/units.ts';
import { attachLoop } from '../../../lab/loop-device.ts';
import { afterTest, detachOwn, scratchFile } from '../../../engine/scratch-disk.ts';
import { assertSound } from './assertions.ts';
import {
  assertVerified,
  placeOf,
  placesOf,
  readBytes,
  readDisk,
  sfdisk,
  sfdiskTable,
  writeAreas,
} from './partitioned-file.ts';
import { repairHeaderChecksum, used, writeTable } from './raw-tables.ts';

type Damage = {
  readonly what: string;
  /** Of a disk of 64 MiB with sectors of 512 bytes, made by the first script. */
  readonly damage: (disk: Buffer) => void;
  /** What the error says of it. */
  readonly named: RegExp;
};

type Contract = {
  /** By what they are like; for sfdisk(8), on a disk of 131072 sectors. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Throws unless independent tools find nothing wrong on the disk. */
  readonly assertVerified: (path: string, sectorSizeBytes: number, t: TestContext) => Promise<void>;
  readonly damages: readonly Damage[];
};

const SECTORS = 131_072;

const CONTRACTS: Readonly<Record<PartitionTable['type'], Contract>> = {
  dos: {
    scripts: {
      'three primaries and two logical partitions': `label: dos
start=2048, size=20000, type=7, bootable
start=30000, size=60000, type=5
start=100000, size=2048, type=83
start=32048, size=4000
start=50000, size=8000
`,
      'partitions out of order, to the last sector, logical ones too': `label: dos
disk1: start=80000, size=51072, type=83
disk2: start=9000, size=60000, type=85
disk3: start=63, size=2000, type=83, bootable
disk5: start=50000, size=9001, type=83
disk6: start=9063, size=1, type=83
disk7: start=20000, size=8, type=83
`,
    },
    // sgdisk converts an MBR to a GPT in memory and judges that.
    assertVerified: verifiedBySfdisk,
    damages: [
      {
        what: 'a partition that ends after the disk',
        damage: (disk) => {
          writeTable(disk, 0, [used(2048, 200_000)]);
        },
        named: /partition 1 .*ends after the disk/,
      },
      {
        what: 'two partitions that have sectors in common',
        damage: (disk) => {
          writeTable(disk, 0, [used(2048, 100), used(2100, 100)]);
        },
        named: /partition 1 .* and partition 2 .* have sectors in common/,
      },
      {
        what: 'an extended partition whose second EBR is none',
        damage: (disk) => {
          const [, second] = ebrsIn(disk);
          disk.fill(0, (second ?? 0) * 512, (second ?? 0) * 512 + 512);
        },
        named: /EBR after partition 5.* is none/,
      },
    ],
  },
  gpt: {
    scripts: {
      'three partitions, with names and attributes': `label: gpt
1: start=2048, size=8192, type=U, name="EFI System", attrs="RequiredPartition"
5: start=12288, size=40960, type=L, name="Grüße", attrs="GUID:63"
3: start=61440, size=2048, type=S
`,
      '256 entries, out of order, from the first usable sector': `label: gpt
table-length: 256
first-lba: 66
5: start=30001, size=10000
200: start=66, size=2000, type=21686148-6449-6E6F-744E-656564454649
2: start=10000, size=15001
`,
    },
    assertVerified,
    damages: [
      {
        what: 'headers of which neither is whole',
        damage: (disk) => {
          disk.writeUInt8(0xa5, 512 + 60);
          disk.writeUInt8(0xa5, disk.length - 512 + 60);
        },
        named: /neither copy of the GPT can be read/,
      },
      {
        what: 'two partitions that have sectors in common',
        damage: (disk) => {
          disk.writeBigUInt64LE(50_000n, 1024 + 2 * 128 + 32);
          repairHeaderChecksum(disk);
        },
        named: /partition 5 .* and partition 3 .* have sectors in common/,
      },
      {
        what: 'no protective MBR',
        damage: (disk) => {
          writeTable(disk, 0, []);
        },
        named: /no protective MBR in front of it/,
      },
    ],
  },
};

for (const type of ['dos', 'gpt'] as const) {
  const contract = CONTRACTS[type];
  for (const [name, script] of Object.entries(contract.scripts)) {
    for (const sectorSizeBytes of [512, 4096]) {
      const what = `a table of kind ${type} (${name}; sectors of ${sectorSizeBytes} bytes)`;
      test(`${what} is read as sfdisk reads it, with the sectors that are on the disk`, async (t) => {
        const path = await diskWith(t, script, sectorSizeBytes);
        const found = await readDisk(path, sectorSizeBytes);
        assert.equal(found.table.type, type);
        assert.deepEqual(found.warnings, []);
        assert.deepEqual(
          byNumber(found.table.partitions.map(placeOf)),
          byNumber(placesOf(await sfdiskTable(path, sectorSizeBytes))),
        );
        await assertSound(found, path);
      });

      test(`${what} is written with the first sector of the disk last`, async (t) => {
        const { areas, table } = await readDisk(
          await diskWith(t, script, sectorSizeBytes),
          sectorSizeBytes,
        );
        const order = TABLE_KINDS[type].areaOrder;
        const written = inWritingOrder(areas, table);
        assert.equal(written.at(-1)?.startSector, 0);
        assert.deepEqual(
          [...new Set(written.map(({ kind }) => kind))],
          order.filter((kind) => areas.some((area) => area.kind === kind)),
        );
        assert.deepEqual(new Set(written), new Set(areas));
      });

      test(`${what} is the same and sound on every disk that is large enough`, async (t) => {
        const source = await diskWith(t, script, sectorSizeBytes);
        const { areas, table } = await readDisk(source, sectorSizeBytes);
        const smallest = requiredSectors(table);
        assert.deepEqual(fitAreas(areas, table, SECTORS), areas);
        for (const sectors of new Set([smallest, SECTORS, SECTORS + 1, 2 * SECTORS])) {
          const target = await scratchFile(t, sectors * sectorSizeBytes);
          await writeAreas(target, fitAreas(areas, table, sectors), sectorSizeBytes);
          const read = await readDisk(target, sectorSizeBytes);
          assert.deepEqual(read.warnings, []);
          assert.deepEqual(read.table.partitions, table.partitions);
          await contract.assertVerified(target, sectorSizeBytes, t);
        }
      });

      test(`${what} does not fit on a disk one sector too small`, async (t) => {
        const { areas, table } = await readDisk(
          await diskWith(t, script, sectorSizeBytes),
          sectorSizeBytes,
        );
        const neededBytes = requiredBytes(table);
        const presentBytes = neededBytes - sectorSizeBytes;
        assert.deepEqual(
          fitFaults(
            { requiredBytes: neededBytes, sectorSizeBytes },
            { sizeBytes: presentBytes, logicalSectorBytes: sectorSizeBytes, readOnly: false },
          ),
          [{ type: 'too-small', neededBytes, presentBytes }],
        );
        assert.throws(() => fitAreas(areas, table, requiredSectors(table) - 1), RangeError);
      });

      test(`${what} has gaps that are neither table nor partition`, async (t) => {
        const { areas, table } = await readDisk(
          await diskWith(t, script, sectorSizeBytes),
          sectorSizeBytes,
        );
        const content = table.partitions.filter(
          (partition) => !('kind' in partition && partition.kind === 'extended'),
        );
        const ranges: SectorRange[] = [...areas, ...content, ...gapsOf(table)].toSorted(
          (one, other) => one.startSector - other.startSector,
        );
        for (const [index, range] of ranges.entries()) {
          const next = ranges[index + 1];
          if (next !== undefined) assert.ok(endOf(range) <= next.startSector);
        }
        assert.ok(Math.max(...ranges.map(endOf)) <= SECTORS);
      });
    }
  }

  for (const { what, damage, named } of contract.damages) {
    test(`a table of kind ${type} with ${what} is refused by that name`, async (t) => {
      const [script = ''] = Object.values(contract.scripts);
      const path = await diskWith(t, script, 512);
      const disk = await readBytes(path, 0, SECTORS * 512);
      damage(disk);
      await assert.rejects(readPartitionTable(bufferReader(disk, 512)), (error) => {
        assert.ok(error instanceof OperatorError, String(error));
        assert.equal(error.code, 'partition-table-bad');
        assert.match(error.message, named);
        assert.notEqual(error.hint, '');
        return true;
      });
    });
  }
}

async function diskWith(t: TestContext, script: string, sectorSizeBytes: number): Promise<string> {
  const path = await scratchFile(t, SECTORS * sectorSizeBytes);
  await sfdisk(path, script, sectorSizeBytes);
  return path;
}

async function verifiedBySfdisk(
  path: string,
  sectorSizeBytes: number,
  t: TestContext,
): Promise<void> {
  const device = await attachLoop(run, path, { sectorSizeBytes });
  afterTest(t, () => detachOwn(device));
  const { stdout, stderr } = await run('sfdisk', ['--verify', device]);
  assert.match(stdout + stderr, /No errors detected/);
}

function byNumber<T extends { readonly number: number }>(places: readonly T[]): T[] {
  return places.toSorted((one, other) => one.number - other.number);
}

/** The sectors from the extended partition on that end like a table. */
function ebrsIn(disk: Buffer): number[] {
  const sectors = Array.from({ length: disk.length / 512 - 30_000 }, (_, at) => 30_000 + at);
  return sectors.filter((sector) => disk.readUInt16LE(sector * 512 + 510) === 0xaa55);
}
