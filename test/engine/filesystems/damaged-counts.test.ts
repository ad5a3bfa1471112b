/** A number that damage made large costs neither memory nor time: such a volume is copied sector by sector. */

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { fileReader } from '../../../lib/disk/file-reader.ts';
import { type SectorReader } from '../../../lib/disk/sector-reader.ts';
import { emptyBlockMap } from '../../../engine/filesystems/block-map.ts';
import type { Inspection } from '../../../engine/filesystems/inspection.ts';
import { readBytes, StructureFault } from '../../../engine/filesystems/structure.ts';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { run } from '../../../lib/exec/run.ts';
import { MIB } from '../scratch-disk.ts';
import { makeVolume } from './copy-proof.ts';
import { patchFile } from './patch-file.ts';
import { english } from '../../support/messages.ts';

const TIB = 1024 ** 4;

/** What the kind `type` says of the volume in `file`, which grows to 1 TiB, and how many sectors it had to read. */
async function inspected(
  file: string,
  type: string,
): Promise<{ readonly seen: Inspection; readonly sectorsRead: number }> {
  await run('truncate', ['--size', String(TIB), file]);
  const reader = await fileReader(file, 512);
  let sectorsRead = 0;
  const counting: SectorReader = {
    ...reader,
    read: (start, count) => {
      sectorsRead += count;
      return reader.read(start, count);
    },
  };
  try {
    const volume = { run, type, device: file, sizeBytes: TIB, reader: counting };
    return { seen: await filesystemOf(type).inspect(volume), sectorsRead };
  } finally {
    await reader.close();
  }
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

describe('A number that damage made large is no reason to read or keep that much', () => {
  type Patch = readonly [offsetBytes: number, value: number];
  const CASES: readonly {
    readonly title: string;
    readonly type: string;
    readonly mkfs: readonly [string, ...string[]];
    readonly patches: readonly Patch[];
    readonly reason: RegExp;
  }[] = [
    {
      title: 'ext4 with groups of 8 blocks',
      type: 'ext4',
      mkfs: ['mkfs.ext4', '-q', '-F', '-b', '4096'],
      patches: [
        [1024 + 0x04, 2 ** 28],
        [1024 + 0x20, 8],
      ],
      reason: /super block is damaged/,
    },
    {
      title: 'ext4 with groups of 256 blocks, a million of them',
      type: 'ext4',
      mkfs: ['mkfs.ext4', '-q', '-F', '-b', '1024'],
      patches: [
        [1024 + 0x04, 2 ** 30],
        [1024 + 0x20, 256],
      ],
      reason: /super block is damaged/,
    },
    {
      title: 'ext4 with tables of inodes that are larger than a bitmap can tell',
      type: 'ext4',
      mkfs: ['mkfs.ext4', '-q', '-F', '-b', '4096'],
      patches: [[1024 + 0x28, 2 ** 31]],
      reason: /super block is damaged/,
    },
    {
      title: 'F2FS with a checkpoint of 256 GiB',
      type: 'f2fs',
      mkfs: ['mkfs.f2fs', '-q', '-f'],
      patches: [[1024 + 1664, 2 ** 26]],
      reason: /super block is unusual/,
    },
    {
      title: 'FAT with 255 tables',
      type: 'vfat',
      mkfs: ['mkfs.fat', '-F', '32'],
      patches: [[0x10, 255]],
      reason: /boot sector is unusual/,
    },
  ];
  for (const { title, type, mkfs, patches, reason } of CASES) {
    test(`A number that damage made large is no reason to read or keep that much: ${title}`, async (t: TestContext) => {
      const file = await makeVolume(t, 64 * MIB, mkfs);
      for (const [offset, value] of patches) {
        await patchFile(file, offset, title.startsWith('FAT') ? [value] : number32(value));
      }
      const { seen, sectorsRead } = await inspected(file, type);
      assert.ok(seen.type === 'every-sector', JSON.stringify(seen).slice(0, 200));
      assert.match(english(seen.reason), reason);
      assert.ok(sectorsRead < 100, `${sectorsRead} sectors`);
    });
  }

  test('A number that damage made large is no reason to read or keep that much: no structure of more than 64 MiB is read', async () => {
    const reader: SectorReader = {
      name: 'a large disk',
      sectorSizeBytes: 512,
      diskSectors: 2 ** 40,
      read: () => assert.fail('it is read'),
    };
    await assert.rejects(readBytes(reader, 0, 65 * MIB), StructureFault);
  });

  test('A number that damage made large is no reason to read or keep that much: no map of more than 1 GiB is kept', () => {
    assert.throws(() => emptyBlockMap(512, 2 ** 34), StructureFault);
  });
});
