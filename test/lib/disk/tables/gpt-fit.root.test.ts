import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { requiredBytes } from '../../../../lib/disk/layout/fit.ts';
import { fitAreas } from '../../../../lib/disk/tables/kinds.ts';
import { parseMbrSector } from '../../../../lib/disk/tables/mbr.ts';
import type { TableOnDisk } from '../../../../lib/disk/tables/table-area.ts';
import { run } from '../../../../lib/exec/run.ts';
import type { TableArea } from '../../../../lib/model/partition-table.ts';
import { MIB, scratchFile } from '../../../engine/scratch-disk.ts';
import {
  assertVerified,
  readDisk,
  sfdisk,
  sfdiskTable,
  sgdisk,
  writeAreas,
  writeBytes,
  type SfdiskTable,
} from './partitioned-file.ts';

const SOURCE_SECTORS = 131072;
const GPT_SCRIPT = `label: gpt
1: start=2048, size=8192, type=U, name="EFI System", attrs="RequiredPartition"
5: start=12288, size=40960, type=L, name="Grüße", attrs="GUID:63"
3: start=61440, size=2048, type=S
`;
/** End of partition 3, 32 sectors of entries, the header; four sectors of entries when they have 4096 bytes. */
const MINIMAL_SECTORS = { 512: 63488 + 32 + 1, 4096: 63488 + 4 + 1 };

for (const sectorSizeBytes of [512, 4096] as const) {
  const minimal = MINIMAL_SECTORS[sectorSizeBytes];
  for (const targetSectors of [minimal, 100_001, SOURCE_SECTORS + 1, 400_000]) {
    test(`a GPT of ${SOURCE_SECTORS} sectors of ${sectorSizeBytes} bytes fits a disk of ${targetSectors}`, async (t) => {
      const source = await gptDisk(t, sectorSizeBytes);
      const found = await readDisk(source, sectorSizeBytes);
      const fitted = fitAreas(found.areas, found.table, targetSectors);
      const target = await scratchFile(t, targetSectors * sectorSizeBytes);
      await writeAreas(target, fitted, sectorSizeBytes);

      const read = await readDisk(target, sectorSizeBytes);
      assert.deepEqual(read.warnings, []);
      assert.ok(read.table.type === 'gpt');
      assert.equal(read.table.backupHeaderSector, targetSectors - 1);
      assert.deepEqual(read.areas, fitted);
      assert.deepEqual(
        withoutSize(await sfdiskTable(target, sectorSizeBytes)),
        withoutSize(await sfdiskTable(source, sectorSizeBytes)),
      );
      const entrySectors = (128 * 128) / sectorSizeBytes;
      assert.equal(read.table.lastUsableSector, targetSectors - entrySectors - 2);
      await assertVerified(target, sectorSizeBytes);
    });
  }

  test(`a GPT is not fitted to a disk one sector smaller than it requires (sectors of ${sectorSizeBytes} bytes)`, async (t) => {
    const { areas, table } = await readDisk(await gptDisk(t, sectorSizeBytes), sectorSizeBytes);
    const neededBytes = minimal * sectorSizeBytes;
    assert.equal(requiredBytes(table), neededBytes);
    assert.throws(() => fitAreas(areas, table, minimal - 1), RangeError);
  });
}

test('a fitted GPT fitted back to the size of its source is the source byte for byte', async (t) => {
  const found = await readDisk(await gptDisk(t, 512));
  const target = await scratchFile(t, 200_000 * 512);
  await writeAreas(target, fitAreas(found.areas, found.table, 200_000), 512);
  const fitted = await readDisk(target);
  assert.deepEqual(fitAreas(fitted.areas, fitted.table, SOURCE_SECTORS), found.areas);
});

test('the same size gives the same bytes, also with a backup that is not at the end', async (t) => {
  const path = await gptDisk(t, 512);
  await run('truncate', ['--size', `${200_000 * 512}`, path]);
  const { areas, table } = await readDisk(path);
  assert.deepEqual(fitAreas(areas, table, 200_000), areas);
  const target = await scratchFile(t, 150_000 * 512);
  await writeAreas(target, fitAreas(areas, table, 150_000), 512);
  await assertVerified(target, 512);
});

test('the protective MBR protects the whole target disk', async (t) => {
  const { areas, table } = await readDisk(await gptDisk(t, 512));
  const entry = protectiveEntries(fitAreas(areas, table, 400_000))[0];
  assert.deepEqual([entry?.startSector, entry?.sectorCount], [1, 399_999]);
  const beyondMbr = protectiveEntries(fitAreas(areas, table, 2 ** 33))[0];
  assert.deepEqual([beyondMbr?.startSector, beyondMbr?.sectorCount], [1, 0xffffffff]);
});

test('a protective MBR of a disk beyond 2 TiB gets the size of a smaller target', async (t) => {
  const path = await scratchFile(t, 3 * 1024 * 1024 * MIB);
  await sfdisk(path, GPT_SCRIPT);
  const { areas, table } = await readDisk(path);
  assert.equal(protectiveEntries(areas)[0]?.sectorCount, 0xffffffff);
  const fitted = fitAreas(areas, table, 400_000);
  assert.equal(protectiveEntries(fitted)[0]?.sectorCount, 399_999);
  const target = await scratchFile(t, 400_000 * 512);
  await writeAreas(target, fitted, 512);
  await assertVerified(target, 512);
});

test('a protective MBR as Windows writes it, larger than every disk, stays', async (t) => {
  const path = await gptDisk(t, 512);
  await writeBytes(path, 446 + 12, Buffer.alloc(4, 0xff));
  const { areas, table } = await readDisk(path);
  const fitted = fitAreas(areas, table, 400_000);
  assert.deepEqual(fitted[0], areas[0]);
  const target = await scratchFile(t, 400_000 * 512);
  await writeAreas(target, fitted, 512);
  await assertVerified(target, 512);
});

test("a hybrid MBR's entries stay as they are", async (t) => {
  const path = await gptDisk(t, 512);
  await sgdisk(path, '--hybrid=1:5');
  const { areas, table } = await readDisk(path);
  for (const targetSectors of [70_000, 400_000]) {
    const fitted = fitAreas(areas, table, targetSectors);
    assert.deepEqual(fitted[0], areas[0]);
    const target = await scratchFile(t, targetSectors * 512);
    await writeAreas(target, fitted, 512);
    await assertVerified(target, 512);
  }
});

test('entries that a boot loader pushed away stay there, with what lies before them', async (t) => {
  const path = await gptDisk(t, 512);
  await sgdisk(path, '--move-main-table=1000');
  const { areas, table } = await readDisk(path);
  const target = await scratchFile(t, 400_000 * 512);
  await writeAreas(target, fitAreas(areas, table, 400_000), 512);
  const read = await readDisk(target);
  assert.ok(read.table.type === 'gpt');
  assert.equal(read.table.entriesSector, 1000);
  await assertVerified(target, 512);
});

test('an MBR needs the end of its last partition and never changes', async (t) => {
  const path = await scratchFile(t, 64 * MIB);
  await sfdisk(
    path,
    'label: dos\nstart=60000, size=10000, type=f\nstart=2048, size=2048\nstart=60063, size=100\n',
  );
  const { areas, table }: TableOnDisk = await readDisk(path);
  assert.equal(requiredBytes(table), 70_000 * 512);
  for (const targetSectors of [70_000, SOURCE_SECTORS, 400_000]) {
    assert.deepEqual(fitAreas(areas, table, targetSectors), areas);
  }
  assert.throws(() => fitAreas(areas, table, 69_999), RangeError);
});

test('areas that are not of the table are refused', async (t) => {
  const { areas, table } = await readDisk(await gptDisk(t, 512));
  const [mbr, primary, backup] = areas;
  assert.ok(mbr !== undefined && primary !== undefined && backup !== undefined);
  const changed = Buffer.from(primary.dataBase64, 'base64');
  changed.writeUInt8(1, 60);
  const damaged = { ...primary, dataBase64: changed.toString('base64') };
  assert.throws(() => fitAreas([mbr, damaged, backup], table, 400_000), {
    code: 'partition-table-bad',
  });
  assert.throws(() => fitAreas([mbr, backup], table, 400_000), { code: 'partition-table-bad' });
  const cut = { ...primary, sectorCount: primary.sectorCount - 1 };
  assert.throws(() => fitAreas([mbr, cut, backup], table, 400_000), { code: 'disk-sector-size' });
});

async function gptDisk(t: TestContext, sectorSizeBytes: number): Promise<string> {
  const path = await scratchFile(t, SOURCE_SECTORS * sectorSizeBytes);
  await sfdisk(path, GPT_SCRIPT, sectorSizeBytes);
  return path;
}

/** All that must not change when the disk is another one. */
function withoutSize(table: SfdiskTable): Pick<
  SfdiskTable,
  'label' | 'id' | 'sectorsize' | 'partitions'
> & {
  firstlba: number | undefined;
} {
  const { label, id, sectorsize, firstlba, partitions } = table;
  return { label, id, sectorsize, firstlba, partitions };
}

function protectiveEntries(areas: readonly TableArea[]) {
  const mbr = parseMbrSector(Buffer.from(areas[0]?.dataBase64 ?? '', 'base64'));
  return mbr?.entries ?? [];
}
