import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { requiredBytes, type DiskOffer } from '../../../../lib/disk/layout/fit.ts';
import { AS_IS } from '../../../../lib/disk/layout/layout.ts';
import {
  capturedLayout,
  demandOf,
  planLayout,
  type LayoutImage,
} from '../../../../lib/disk/layout/plan-layout.ts';
import { fitAreas } from '../../../../lib/disk/tables/kinds.ts';
import { ImagePartition } from '../../../../lib/model/image.ts';
import { MIB, scratchFile } from '../../../engine/scratch-disk.ts';
import { SAMPLE_MANIFEST } from '../../../support/images.ts';
import { readDisk, sfdisk } from '../tables/partitioned-file.ts';

const DISK: DiskOffer = {
  sizeBytes: SAMPLE_MANIFEST.disk.sizeBytes,
  logicalSectorBytes: 512,
  readOnly: false,
};

const SCRIPTS = {
  gpt: 'label: gpt\nstart=2048, size=4096, type=U\nstart=8192, size=10000\n',
  dos: 'label: dos\nstart=63, size=4000, type=7\nstart=8192, size=20000, type=5\nstart=10000, size=3000, type=83\n',
};

/** The image of a disk whose table sfdisk has made; its partitions are swap. */
async function imageOf(path: string): Promise<LayoutImage> {
  const { table, areas } = await readDisk(path);
  return {
    ...SAMPLE_MANIFEST,
    requiredBytes: requiredBytes(table),
    partitionTable: table,
    tableAreas: [...areas],
    gaps: [],
    partitions: table.partitions.map((partition) =>
      ImagePartition.parse({
        ...partition,
        filesystem: null,
        content:
          'kind' in partition && partition.kind === 'extended'
            ? { type: 'extended' }
            : { type: 'swap', uuid: null, label: null },
      }),
    ),
  };
}

for (const [kind, script] of Object.entries(SCRIPTS)) {
  test(`as-is puts every partition of a ${kind} table where it was, on any disk that is large enough`, async (t) => {
    const path = await scratchFile(t, 32 * MIB);
    await sfdisk(path, script);
    const image = await imageOf(path);
    const { requiredBytes: smallest } = demandOf(image);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 2 ** 40 }), async (extraBytes) => {
        await Promise.resolve();
        const sizeBytes = smallest + extraBytes;
        const planned = planLayout(image, { ...DISK, sizeBytes }, AS_IS);
        assert.ok(planned.type === 'fits');
        const { layout } = planned;
        assert.deepEqual(
          layout.partitions.map(({ typeCode, resize, ...partition }) => {
            assert.notEqual(typeCode, null);
            assert.deepEqual(resize, { type: 'none' });
            return partition;
          }),
          image.partitions,
        );
        assert.equal(layout.tableAreas.at(-1)?.startSector, 0);
        const sectors = Math.floor(sizeBytes / 512);
        assert.deepEqual(
          new Set(layout.tableAreas),
          new Set(fitAreas(image.tableAreas, image.partitionTable, sectors)),
        );
        for (const { startSector, sectorCount } of layout.tableAreas) {
          assert.ok(startSector + sectorCount <= sectors);
        }
      }),
    );
  });

  test(`a disk one byte too small for an image with a ${kind} table gets no layout, but both sizes`, async (t) => {
    const path = await scratchFile(t, 32 * MIB);
    await sfdisk(path, script);
    const image = await imageOf(path);
    const { requiredBytes: neededBytes } = demandOf(image);
    assert.deepEqual(planLayout(image, { ...DISK, sizeBytes: neededBytes - 1 }, AS_IS), {
      type: 'unfit',
      faults: [{ type: 'too-small', neededBytes, presentBytes: neededBytes - 1 }],
    });
  });
}

test('a layout says of which type each partition is, as the table has it', async (t) => {
  const typeCodes = [];
  for (const script of Object.values(SCRIPTS)) {
    const path = await scratchFile(t, 32 * MIB);
    await sfdisk(path, script);
    typeCodes.push(capturedLayout(await imageOf(path)).partitions.map(({ typeCode }) => typeCode));
  }
  assert.deepEqual(typeCodes, [
    ['C12A7328-F81F-11D2-BA4B-00A0C93EC93B', '0FC63DAF-8483-4772-8E79-3D69D8477DE4'],
    ['0x07', '0x05', '0x83'],
  ]);
});

test('everything that keeps an image from a disk is named, write protection first', () => {
  const disk = { sizeBytes: 100, logicalSectorBytes: 4096, readOnly: true };
  assert.deepEqual(planLayout(SAMPLE_MANIFEST, disk, AS_IS), {
    type: 'unfit',
    faults: [
      { type: 'read-only' },
      { type: 'sector-size', neededBytes: 512, presentBytes: 4096 },
      { type: 'too-small', neededBytes: 400_000_000, presentBytes: 100 },
    ],
  });
});

test('an image needs room for its gaps, too', () => {
  const [gap] = SAMPLE_MANIFEST.gaps;
  assert.ok(gap !== undefined);
  const image = {
    ...SAMPLE_MANIFEST,
    gaps: [{ ...gap, startSector: 1_000_000, sectorCount: 2048 }],
  };
  assert.equal(demandOf(image).requiredBytes, 1_002_048 * 512);
  assert.equal(requiredBytes(image.partitionTable, image.gaps), 1_002_048 * 512);
});

test('a gap lies behind the partitions when none of them ends after its start, containers not counted', () => {
  const [gap] = SAMPLE_MANIFEST.gaps;
  assert.ok(gap !== undefined);
  // The last logical partition ends in sector 308896, its container in 606848.
  const gaps = [gap, { ...gap, startSector: 308_896 }, { ...gap, startSector: 308_895 }];
  assert.deepEqual(
    capturedLayout({ ...SAMPLE_MANIFEST, gaps }).gaps.map(({ isBehind }) => isBehind),
    [false, true, false],
  );
});

test('an image whose GPT is not the one that it describes gets no layout on a larger disk', async (t) => {
  const path = await scratchFile(t, 32 * MIB);
  await sfdisk(path, SCRIPTS.gpt);
  const image = await imageOf(path);
  const tableAreas = image.tableAreas.filter(({ kind }) => kind !== 'gpt-primary');
  assert.throws(() => planLayout({ ...image, tableAreas }, DISK, AS_IS), {
    code: 'partition-table-bad',
    message: /there is no primary GPT/,
  });
});

test('an image whose table counts in other sectors than its disk had gets no layout, on a disk of either kind', async (t) => {
  const path = await scratchFile(t, 32 * MIB);
  await sfdisk(path, SCRIPTS.gpt);
  const image = await imageOf(path);
  const odd = { ...image, disk: { ...image.disk, logicalSectorBytes: 4096 } };
  for (const logicalSectorBytes of [512, 4096]) {
    assert.throws(() => planLayout(odd, { ...DISK, logicalSectorBytes }, AS_IS), {
      code: 'partition-table-bad',
    });
  }
});
