import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { run } from '../../../../lib/exec/run.ts';
import { assertNoCrash, assertRefused } from './assertions.ts';
import { repairHeaderChecksum } from './raw-tables.ts';
import { MIB, scratchFile } from '../../../engine/scratch-disk.ts';
import { readBytes, readDisk, sfdisk, writeBytes } from './partitioned-file.ts';

const DISK_BYTES = 64 * MIB;

test('a file system on the whole disk is not taken for an MBR', async (t) => {
  const makers: [string, string[], RegExp][] = [
    ['mkfs.vfat', ['-F', '16', '--mbr=n'], /the whole disk is one FAT file system$/],
    ['mkfs.vfat', ['-F', '32', '--mbr=n'], /the whole disk is one FAT file system$/],
    ['mkfs.vfat', ['--mbr=y'], /the whole disk is one FAT file system$/],
    ['mkfs.ntfs', ['--force', '--quick', '--quiet'], /the whole disk is one NTFS file system$/],
    ['mkfs.ext4', ['-q'], /neither an MBR nor a GPT$/],
  ];
  for (const [tool, options, message] of makers) {
    const path = await scratchFile(t, DISK_BYTES);
    await run(tool, [...options, path]);
    await assertRefused(path, message);
  }
});

test('a FAT boot sector with code where the entries would be is not taken for an MBR', async (t) => {
  const path = await scratchFile(t, DISK_BYTES);
  await run('mkfs.vfat', ['--mbr=n', path]);
  await writeBytes(path, 446, Buffer.alloc(64, 'Remove disks or other media. Press any key'));
  await assertRefused(path, /the whole disk is one FAT file system$/);
});

test('an MBR whose boot code kept the parameters of an old FAT is an MBR', async (t) => {
  const path = await scratchFile(t, DISK_BYTES);
  await run('mkfs.vfat', ['--mbr=n', path]);
  await sfdisk(path, 'label: dos\nstart=2048, size=2048\n');
  const fat = await scratchFile(t, DISK_BYTES);
  await run('mkfs.vfat', ['--mbr=n', fat]);
  await writeBytes(path, 0, await readBytes(fat, 0, 440));
  const { table } = await readDisk(path);
  assert.equal(table.partitions.length, 1);
});

test('an empty disk, and one that has just the signature, have no partition table', async (t) => {
  const path = await scratchFile(t, DISK_BYTES);
  await assertRefused(path, /neither an MBR nor a GPT$/);
  const text = Buffer.alloc(512, 'no table here. ');
  text.writeUInt16LE(0xaa55, 510);
  await writeBytes(path, 0, text);
  await assertRefused(path, /neither an MBR nor a GPT$/);
  await assertRefused(Buffer.alloc(0), /the disk is empty$/);
  await assertRefused(Buffer.alloc(512), /neither an MBR nor a GPT$/);
});

test('random bytes give a table or an error for the operator, never a crash', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 512, maxLength: 4096 }),
      fc.constantFrom(0x00, 0xee, 0x05, 0x83),
      async (bytes, typeByte) => {
        const disk = Buffer.from(bytes);
        for (const offset of [446, 462, 478, 494]) disk.writeUInt8(0, offset);
        disk.writeUInt8(typeByte, 450);
        disk.writeUInt16LE(0xaa55, 510);
        await assertNoCrash(disk, 512);
      },
    ),
    { numRuns: 500 },
  );
});

test('changed bytes in a real table give a table or an error for the operator, never a crash', async (t) => {
  const disks: Buffer[] = [];
  for (const script of [
    'label: dos\nstart=16,size=16,type=83\nstart=40,size=1000,type=5\nstart=50,size=10\nstart=100,size=10\nstart=70,size=10\n',
    'label: gpt\nfirst-lba: 34\nstart=40,size=100\nstart=200,size=100\n',
  ]) {
    const path = await scratchFile(t, MIB);
    await sfdisk(path, script);
    disks.push(await readBytes(path, 0, MIB));
  }
  const starts = [0, 40, 1, 2, 60, 99, 2047, 2015];
  const change = fc.record({
    sector: fc.constantFrom(...starts),
    offset: fc.oneof(fc.nat({ max: 511 }), fc.integer({ min: 440, max: 511 }), fc.nat({ max: 96 })),
    value: fc.nat({ max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...disks),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (original, changes, withChecksums) => {
        const disk = Buffer.from(original);
        for (const { sector, offset, value } of changes) {
          disk.writeUInt8(value, sector * 512 + offset);
        }
        if (withChecksums) repairHeaderChecksum(disk);
        await assertNoCrash(disk, 512);
      },
    ),
    { numRuns: 500 },
  );
});

test('a partition that Linux has no number for is named when the table is read', async (t) => {
  for (const [number, isKnown] of [
    [255, true],
    [256, false],
    [300, false],
  ] as const) {
    const file = await scratchFile(t, 8 * MIB);
    await sfdisk(file, `label: gpt\ntable-length: 512\n${number}: start=2048, size=100\n`);
    if (isKnown) {
      assert.equal((await readDisk(file)).table.partitions[0]?.number, number);
    } else {
      await assertRefused(file, new RegExp(`partition ${number} cannot be read`));
    }
  }
});

describe('an ISO-hybrid image on a disk is named', () => {
  /** ISO 9660 (ECMA-119), 8.4: the primary volume descriptor in sector 16 of 2048 bytes. */
  const iso = async (file: string): Promise<void> => {
    const descriptor = Buffer.alloc(2048);
    descriptor.write('\u0001CD001\u0001', 0, 'latin1');
    descriptor.write('Debian 12 n'.padEnd(32), 40, 'latin1');
    await writeBytes(file, 32_768, descriptor);
  };
  const named = /it is written with the ISO image "Debian 12 n"/;

  test('an ISO-hybrid image on a disk is named when its partition begins with the disk, as xorriso and isohybrid make it', async (t) => {
    const file = await scratchFile(t, 8 * MIB);
    const entry = (type: number, start: number, count: number): Buffer => {
      const bytes = Buffer.from([0x80, 0, 1, 0, type, 0xfe, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
      bytes.writeUInt32LE(start, 8);
      bytes.writeUInt32LE(count, 12);
      return bytes;
    };
    for (const type of [0, 0x17, 0xcd]) {
      const table = [entry(type, 0, 16_000), entry(0xef, 4000, 400), Buffer.alloc(32)];
      await writeBytes(file, 446, Buffer.concat([...table, Buffer.from([0x55, 0xaa])]));
      await iso(file);
      await assertRefused(file, named);
    }
  });

  test('an ISO-hybrid image on a disk is named when it has no table at all', async (t) => {
    const file = await scratchFile(t, 8 * MIB);
    await iso(file);
    await assertRefused(file, named);
  });

  test('an ISO-hybrid image on a disk is named but not when it is left over before the first partition', async (t) => {
    const file = await scratchFile(t, 8 * MIB);
    await sfdisk(file, 'label: dos\nstart=2048\n');
    await iso(file);
    assert.equal((await readDisk(file)).table.partitions.length, 1);
  });
});
