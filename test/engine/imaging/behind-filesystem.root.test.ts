/** A partition that is larger than the file system in it: what lies behind is in the image, whatever it is. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test, type TestContext } from 'node:test';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { emptyBlockMap, isUsed } from '../../../engine/filesystems/block-map.ts';
import { withBehind } from '../../../engine/imaging/behind-filesystem.ts';
import { chooseSource, type Choice } from '../../../engine/imaging/choose-source.ts';
import { bufferReader, type SectorReader } from '../../../lib/disk/sector-reader.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { run } from '../../../lib/exec/run.ts';
import type { Bytes } from '../../../lib/units.ts';
import { readBytes, writeBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { assertSameWhereUsed, copyVolume, withMounted } from '../filesystems/copy-proof.ts';
import { MIB, scratchDirectory, scratchFile } from '../scratch-disk.ts';
import { english } from '../../support/messages.ts';

const GIB = 1024 * MIB;

/** Each makes a file system of the first MiB of the file that it gets; and where it ends, as its own format says. */
const KINDS: readonly (readonly [string, (file: string) => readonly string[], mib: number])[] = [
  ['ext4', (file) => ['mkfs.ext4', '-q', '-F', '-b', '4096', file, '16M'], 16],
  ['ext3', (file) => ['mkfs.ext3', '-q', '-F', '-b', '1024', file, '16M'], 16],
  ['xfs', (file) => ['mkfs.xfs', '-q', '-f', '-d', `file,name=${file},size=300m`], 300],
  ['btrfs', (file) => ['mkfs.btrfs', '-q', '-b', '120m', file], 120],
  ['vfat', (file) => ['mkfs.vfat', file, '16384'], 16],
  ['f2fs', (file) => ['mkfs.f2fs', '-q', file, String((64 * MIB) / 512)], 64],
  ['minix', (file) => ['mkfs.minix', '-2', file, '16384'], 16],
  ['ntfs', (file) => ['mkntfs', '-q', '-F', '-Q', '-s', '512', file, String(16 * 2048 - 8)], 16],
  ['exfat', (file) => ['sh', '-c', 'mkfs.exfat "$0" > /dev/null', file], 16],
];

/** Makes the file system in a file that ends 3 MiB and 3 sectors behind it. */
async function makeSmaller(
  t: TestContext,
  make: (file: string) => readonly string[],
  mib: number,
): Promise<{ file: string; sizeBytes: Bytes }> {
  // mkfs.exfat takes all that it is given.
  const file = await scratchFile(t, mib * MIB);
  const isExfat = make(file)[0] === 'sh';
  const sizeBytes = mib * MIB + 3 * MIB + 3 * 512;
  if (!isExfat) await run('truncate', ['--size', String(sizeBytes), file]);
  const [tool = '', ...args] = make(file);
  await run(tool, args);
  await run('truncate', ['--size', String(sizeBytes), file]);
  return { file, sizeBytes };
}

describe('What is behind the end of a file system is copied', { concurrency: 2 }, () => {
  for (const [type, make, mib] of KINDS) {
    test(`What is behind the end of a file system is copied behind ${type}`, async (t) => {
      const { file, sizeBytes } = await makeSmaller(t, make, mib);
      const clean = await choose(t, file, type);
      assert.ok(clean.type === 'capture');
      // Of zeros nothing is said; partclone.f2fs reads none that is smaller than its partition.
      const isUnread = type === 'f2fs';
      if (!isUnread) assert.equal(english(clean.warnings), '');

      // In the sectors right behind, in the middle, and in the last one: where RAID and GEOM have their metadata.
      const places = [mib * MIB + 512, mib * MIB + MIB, sizeBytes - 8192, sizeBytes - 512];
      for (const place of places) await writeBytes(file, place, randomBytes(512));
      const choice = await choose(t, file, type);
      assert.ok(choice.type === 'capture');
      if (choice.source.type === 'device' && isUnread) return;
      assert.ok(choice.source.type === 'used-blocks', english(choice.warnings));
      const { used } = choice.source;
      for (const place of places) {
        assert.ok(isUsed(used, Math.floor(place / used.blockBytes)), `byte ${place}`);
      }
      assert.ok(!isUsed(used, Math.floor((sizeBytes - MIB) / used.blockBytes)), 'zeros are not');
    });
  }

  test('What is behind the end of a file system is copied so that it is on the clone, and the file system can be mounted', async (t) => {
    const { file, sizeBytes } = await makeSmaller(t, KINDS[0]?.[1] ?? assert.fail(), 16);
    const ranges = [16 * MIB, 17 * MIB, sizeBytes - 512].map((startBytes) => ({
      startBytes,
      endBytes: startBytes + 512,
    }));
    for (const { startBytes } of ranges) await writeBytes(file, startBytes, randomBytes(512));
    const copy = await copyVolume(t, file, sizeBytes);
    assert.ok(copy.file !== null);
    await assertSameWhereUsed(ranges, file, copy.file);
    await withMounted(t, copy.file, () => Promise.resolve());
  });

  test('What is behind the end of a file system is copied: more than a mebibyte of it is said', async (t) => {
    const { file, sizeBytes } = await makeSmaller(t, KINDS[0]?.[1] ?? assert.fail(), 16);
    await writeBytes(file, 17 * MIB, randomBytes(2 * MIB));
    const copy = await copyVolume(t, file, sizeBytes);
    assert.ok(copy.choice.type === 'capture' && copy.file !== null);
    assert.match(
      english(copy.choice.warnings),
      /^2\.10 MB behind the end of the file system \(16\.8 MB of the partition's 19\.9 MB\) are copied too/,
    );
    await assertSameWhereUsed([{ startBytes: 17 * MIB, endBytes: 19 * MIB }], file, copy.file);
  });

  test('What is behind the end of a file system is copied: the backup boot sector of an NTFS is no such thing, another sector in its place is', async (t) => {
    const sizeBytes = 16 * MIB + 7 * 512;
    const file = await scratchFile(t, sizeBytes);
    await run('mkntfs', ['-q', '-F', '-Q', file]);
    const backup = await readBytes(file, sizeBytes - 512, 512);
    assert.equal(backup.toString('latin1', 3, 7), 'NTFS');
    const whole = await copyVolume(t, file, sizeBytes);
    assert.ok(whole.choice.type === 'capture');
    assert.equal(whole.choice.source.type, 'filesystem');
    await writeBytes(file, sizeBytes - 512, randomBytes(512));
    const copy = await copyVolume(t, file, sizeBytes);
    assert.ok(copy.file !== null);
    const last = { startBytes: sizeBytes - 512, endBytes: sizeBytes };
    await assertSameWhereUsed([last], file, copy.file);
  });
});

test('Behind a file system that fills a small part of a large partition all is copied, without a look and with little memory.', async (t) => {
  const file = await scratchFile(t, 3 * 1024 * GIB);
  await run('mkfs.ext4', ['-q', '-F', '-b', '1024', file, '64M']);
  const choice = await choose(t, file, 'ext4');
  assert.ok(choice.type === 'capture' && choice.source.type === 'used-blocks');
  const { used } = choice.source;
  assert.ok(used.bits.length <= 64 * MIB, `${used.bits.length} bytes of map`);
  assert.equal(used.blockCount * used.blockBytes, 3 * 1024 * GIB);
  assert.equal(used.bits.at(-1), 0xff);
  assert.match(
    english(choice.warnings),
    /^3\.30 TB behind the end of the file system .* are copied too/,
  );
});

async function choose(t: TestContext, file: string, type: string): Promise<Choice> {
  const workDirectory = await scratchDirectory(t);
  const { signal } = new AbortController();
  return chooseSource({ device: file, type }, filesystemOf(type), { run, workDirectory, signal });
}

describe('What cannot be in the image is said', () => {
  const examination = {
    type: 'used-blocks',
    used: emptyBlockMap(4096, 2),
    endBytes: 8192,
    warnings: [],
  } as const;

  test('What cannot be in the image is said because it cannot be read', async () => {
    const reader: SectorReader = {
      ...bufferReader(Buffer.alloc(16 * 1024), 512),
      read: () =>
        Promise.reject(
          new OperatorError({ code: 'disk-read-failed', message: 'reading', hint: 'see dmesg' }),
        ),
    };
    const { used, notes } = await withBehind(reader, examination, 16 * 1024);
    assert.equal(used, examination.used);
    assert.match(
      english(notes),
      /^8\.19 kB behind the end .* cannot be read, and are not in the image/,
    );
  });

  test('What cannot be in the image is said because a map of sectors would be too large, for the few behind the last whole block', async () => {
    const sizeBytes = 512 * GIB + 512;
    const reader: SectorReader = {
      name: 'large',
      sectorSizeBytes: 512,
      diskSectors: sizeBytes / 512,
      read: (_, count) => Promise.resolve(Buffer.alloc(count * 512, 1)),
    };
    const endBytes = 512 * GIB - 4096;
    const { used, notes } = await withBehind(reader, { ...examination, endBytes }, sizeBytes);
    assert.equal(used.blockBytes, 4096);
    assert.match(english(notes), /^512 B behind the end .* are not zero, and not in the image/);
  });
});
