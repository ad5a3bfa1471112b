import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gapsOf } from '../../../../lib/disk/tables/kinds.ts';
import { MIB, scratchFile } from '../../../engine/scratch-disk.ts';
import { readDisk, sfdisk, sgdisk } from './partitioned-file.ts';

for (const firstSector of [1, 2, 8, 63, 2048]) {
  test(`the gap before a first partition in sector ${firstSector} of an MBR is exactly that long`, async (t) => {
    const path = await scratchFile(t, 64 * MIB);
    await sfdisk(
      path,
      `label: dos\nfirst-lba: 1\nstart=${firstSector}, size=4096\nstart=9000, size=10\n`,
    );
    const { table } = await readDisk(path);
    assert.deepEqual(
      gapsOf(table),
      firstSector === 1 ? [] : [{ startSector: 1, sectorCount: firstSector - 1 }],
    );
  });
}

test('the first partition is the first on the disk, not in the table', async (t) => {
  const path = await scratchFile(t, 64 * MIB);
  await sfdisk(path, 'label: dos\nstart=9000, size=10\nstart=64, size=100\n');
  const { table } = await readDisk(path);
  assert.deepEqual(gapsOf(table), [{ startSector: 1, sectorCount: 63 }]);
});

for (const gap of [1, 8, 63, 2048]) {
  test(`the sectors between each EBR and its logical partition are a gap (${gap})`, async (t) => {
    const path = await scratchFile(t, 64 * MIB);
    await sfdisk(
      path,
      `label: dos
start=2048, size=100000, type=f
start=${2048 + gap}, size=4000
start=${20000 + gap}, size=4000
`,
    );
    const { table } = await readDisk(path);
    assert.ok(table.type === 'dos');
    const secondEbr = table.partitions[2]?.ebrSector ?? 0;
    const all = [
      { startSector: 1, sectorCount: 2047 },
      { startSector: 2049, sectorCount: gap - 1 },
      { startSector: secondEbr + 1, sectorCount: 20000 + gap - secondEbr - 1 },
    ];
    assert.deepEqual(
      gapsOf(table),
      all.filter(({ sectorCount }) => sectorCount > 0),
    );
  });
}

test('logical partitions made out of order leave gaps around the others, which never cover them', async (t) => {
  const path = await scratchFile(t, 64 * MIB);
  await sfdisk(
    path,
    `label: dos
start=2048, size=100000, type=5
start=50000, size=4000
start=3000, size=1000
start=10000, size=1000
`,
  );
  const { table } = await readDisk(path);
  assert.ok(table.type === 'dos');
  const logicals = table.partitions.filter(({ kind }) => kind === 'logical');
  const [first, second, third] = logicals.map(({ ebrSector }) => ebrSector ?? 0);
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  assert.equal(first, 2048);
  // From EBR 2048 to sector 50000, without partitions 6 and 7 and their EBRs.
  const inside = gapsOf(table).filter(({ startSector }) => startSector > 2048);
  const expected = [
    { startSector: 2049, sectorCount: second - 2049 },
    { startSector: second + 1, sectorCount: 3000 - second - 1 },
    { startSector: 4000, sectorCount: third - 4000 },
    { startSector: third + 1, sectorCount: 10000 - third - 1 },
    { startSector: 11000, sectorCount: 50000 - 11000 },
  ];
  assert.deepEqual(
    inside,
    expected.filter(({ sectorCount }) => sectorCount > 0),
  );
});

test('the gap of a GPT begins after the entries, wherever the first usable sector is', async (t) => {
  const cases: [number, number, number][] = [
    [512, 34, 2048 - 34],
    [4096, 6, 2048 - 6],
  ];
  for (const [sectorSizeBytes, startSector, sectorCount] of cases) {
    const path = await scratchFile(t, 256 * MIB);
    await sfdisk(path, 'label: gpt\nstart=9000, size=10\nstart=2048, size=4096\n', sectorSizeBytes);
    const { table } = await readDisk(path, sectorSizeBytes);
    assert.deepEqual(gapsOf(table), [{ startSector, sectorCount }]);
  }
});

test('a GPT whose first partition follows the entries has no gap', async (t) => {
  const path = await scratchFile(t, 64 * MIB);
  await sgdisk(path, '--set-alignment=1', '--new=1:34:1000');
  assert.deepEqual(gapsOf((await readDisk(path)).table), []);
});

test('the gap of a GPT begins after entries that were pushed away', async (t) => {
  const path = await scratchFile(t, 64 * MIB);
  await sgdisk(path, '--new=1:2048:4095');
  await sgdisk(path, '--move-main-table=100');
  assert.deepEqual(gapsOf((await readDisk(path)).table), [
    { startSector: 132, sectorCount: 2048 - 132 },
  ]);
});

test('a table without partitions has no gap', async (t) => {
  for (const label of ['dos', 'gpt']) {
    const path = await scratchFile(t, 64 * MIB);
    await sfdisk(path, `label: ${label}\n`);
    assert.deepEqual(gapsOf((await readDisk(path)).table), []);
  }
});
