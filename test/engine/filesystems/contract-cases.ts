/** A volume of each kind of file system for the contract suite, with what its own tools say of it. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FilesystemKind } from '../../../lib/filesystems/kinds.ts';
import { run } from '../../../lib/exec/run.ts';
import type { Bytes } from '../../../lib/units.ts';
import { MIB, scratchDirectory, scratchFile } from '../scratch-disk.ts';
import { scrubbedFiles, withBtrfs } from './btrfs-volume.ts';
import type { FilesystemCase } from './contract.ts';
import { fillSome, filesOf, makeVolume, withMounted, type ByteRange } from './copy-proof.ts';
import { filesOfExfat, withExfat } from './exfat-volume.ts';
import { checkExt } from './ext-volume.ts';
import { leaveMounted, makeF2fs, usedByF2fs } from './f2fs-volume.ts';
import { checkFat, filesOfFat, mtools } from './fat-volume.ts';
import { makeHfsplus } from './hfsplus-volume.ts';
import { useLastZone } from './minix-volume.ts';
import { patchFile } from './patch-file.ts';

type Command = readonly [string, ...string[]];

/** A file system that this kernel mounts, with some files in it. */
async function mounted(t: TestContext, sizeBytes: Bytes, mkfs: Command): Promise<string> {
  const file = await makeVolume(t, sizeBytes, mkfs);
  await withMounted(t, file, fillSome);
  return file;
}

/** Makes the volume what it is at a moment when it is mounted and written to: as after a power cut. */
async function cutOff(
  t: TestContext,
  file: string,
  withIt: (work: (directory: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const copy = join(await scratchDirectory(t), 'cut-off.img');
  await withIt(async (directory) => {
    const handle = await open(join(directory, 'written last'), 'w');
    await handle.write('precious');
    await handle.sync();
    await handle.close();
    await copyFile(file, copy);
  });
  await rename(copy, file);
}

async function hashOfRanges(file: string, ranges: readonly ByteRange[]): Promise<string> {
  const bytes = await readFile(file);
  const hash = createHash('sha256');
  for (const { startBytes, endBytes } of ranges) hash.update(bytes.subarray(startBytes, endBytes));
  return hash.digest('hex');
}

/** Bytes of which nobody can tell what they are, with something put in front. */
async function odd(t: TestContext, ...parts: readonly [number, Buffer][]): Promise<string> {
  const file = await scratchFile(t, 16 * MIB);
  const bytes = Buffer.alloc(16 * MIB, 'neither a file system nor zeros ');
  bytes.fill(0, 0, MIB);
  for (const [offset, part] of parts) part.copy(bytes, offset);
  await writeFile(file, bytes);
  return file;
}

const NOTHING_TO_ASK = 'every byte is compared';
const HAS_NO_STATE = 'what is copied whole is as it was, whatever its state';

/** Of what is copied sector by sector. */
function whole(make: FilesystemCase['make'], says: RegExp | null): FilesystemCase {
  return {
    make,
    check: NOTHING_TO_ASK,
    contents: (_, file) => hashOfRanges(file, [{ startBytes: 0, endBytes: Infinity }]),
    comesAs: 'raw',
    says,
    unclean: HAS_NO_STATE,
  };
}

/** linux/raid/md_p.h, version 1.2: one of two devices of a RAID 1. */
function raidSuperBlock(): Buffer {
  const block = Buffer.alloc(256);
  block.writeUInt32LE(0xa92b4efc, 0);
  block.writeUInt32LE(1, 4);
  block.writeInt32LE(1, 72);
  block.writeUInt32LE(2, 92);
  block.writeBigUInt64LE(8n, 144);
  return block;
}

/** linux fs/jfs/jfs_superblock.h: as much as libblkid looks at. */
function jfsSuperBlock(): Buffer {
  const block = Buffer.alloc(184);
  block.write('JFS1');
  block.writeUInt32LE(4096, 16);
  block.writeUInt16LE(12, 20);
  block.writeUInt16LE(3, 22);
  block.writeUInt32LE(512, 24);
  block.writeUInt16LE(9, 28);
  return block;
}

const SWAP_PAGE = 4096;

async function makeSwapArea(t: TestContext): Promise<string> {
  return makeVolume(t, 8 * MIB, ['mkswap', '-q', '-L', 'swäp']);
}

async function sleepIn(file: string): Promise<void> {
  await patchFile(file, SWAP_PAGE - 10, Buffer.from('S1SUSPEND\0'));
}

export const CASES: Readonly<Record<FilesystemKind, FilesystemCase>> = {
  ext: {
    make: (t) => mounted(t, 32 * MIB, ['mkfs.ext4', '-q', '-F', '-L', 'Größe']),
    check: checkExt,
    contents: filesOf,
    comesAs: 'partclone',
    says: null,
    unclean: {
      spoil: (t, file) => cutOff(t, file, (work) => withMounted(t, file, work)),
      comesAs: 'refused',
      says: /its journal holds changes/,
    },
  },
  ntfs: {
    make: (t) => mounted(t, 24 * MIB, ['mkntfs', '-q', '-Q', '-F']),
    // Also that there is a backup of the boot sector.
    check: (file) => run('ntfsfix', ['--no-action', file]),
    contents: filesOf,
    comesAs: 'partclone',
    says: null,
    unclean: {
      // Without options it sets the mark, for Windows to check at its next start (ntfsfix(8)).
      spoil: (_, file) => run('ntfsfix', [file]),
      comesAs: 'refused',
      says: /marked dirty/,
    },
  },
  fat: {
    make: async (t) => {
      const file = await makeVolume(t, 40 * MIB, ['mkfs.fat', '-F', '32']);
      const content = join(await scratchDirectory(t), 'content');
      for (let number = 1; number < 20; number += 1) {
        await writeFile(content, Buffer.alloc(number * 9_123, `${number}`));
        await mtools(file, 'mcopy', content, `::/file ${number}`);
      }
      return file;
    },
    check: async (file) => assert.match(await checkFat(file), /\d+ files, /),
    contents: filesOfFat,
    comesAs: 'partclone',
    says: null,
    unclean: {
      // The byte in which Linux and Windows note that it is mounted.
      spoil: (_, file) => patchFile(file, 0x41, [1]),
      comesAs: 'raw',
      says: /not unmounted cleanly/,
    },
  },
  exfat: {
    make: async (t) => {
      const file = await makeVolume(t, 24 * MIB, ['mkfs.exfat']);
      await withExfat(t, file, async (directory) => {
        for (let number = 1; number < 20; number += 1) {
          await writeFile(join(directory, `file ${number}`), Buffer.alloc(number * 9_123, 'x'));
        }
      });
      return file;
    },
    check: (file) => run('fsck.exfat', ['--repair-no', file]),
    contents: filesOfExfat,
    comesAs: 'partclone',
    says: null,
    unclean: {
      spoil: (_, file) => patchFile(file, 106, [0x02]),
      comesAs: 'raw',
      says: /not unmounted cleanly/,
    },
  },
  xfs: {
    make: (t) => mounted(t, 64 * MIB, ['mkfs.xfs', '-q', '-f', '--unsupported']),
    check: (file) => run('xfs_repair', ['-n', '-f', file]),
    contents: (t, file) => filesOf(t, file, ['nouuid']),
    comesAs: 'partclone',
    says: null,
    unclean: {
      spoil: (t, file) => cutOff(t, file, (work) => withMounted(t, file, work, ['nouuid'])),
      comesAs: 'refused',
      says: /its log holds changes/,
    },
  },
  btrfs: {
    make: async (t) => {
      const file = await makeVolume(t, 120 * MIB, ['mkfs.btrfs', '-q', '-f']);
      await withBtrfs([file], fillSome, t);
      return file;
    },
    check: (file) => run('btrfs', ['check', '--readonly', file]),
    // A scrub reads every copy of every block.
    contents: (t, file) => scrubbedFiles(t, [file]),
    comesAs: 'partclone',
    says: null,
    unclean: {
      spoil: (t, file) => cutOff(t, file, (work) => withBtrfs([file], work, t)),
      comesAs: 'refused',
      says: /a log with changes/,
    },
  },
  f2fs: {
    make: (t) => makeF2fs(t),
    check: (file) => run('fsck.f2fs', ['--dry-run', file]),
    contents: async (t, file) => hashOfRanges(file, await usedByF2fs(t, file)),
    comesAs: 'partclone',
    says: null,
    unclean: {
      spoil: async (_, file) => {
        const bytes = await readFile(file);
        leaveMounted(bytes);
        await writeFile(file, bytes);
      },
      comesAs: 'refused',
      says: /not unmounted cleanly/,
    },
  },
  hfsplus: {
    make: async (t) => {
      const file = join(await scratchDirectory(t), 'hfs.img');
      await writeFile(file, (await makeHfsplus(t)).bytes);
      return file;
    },
    check: 'Debian has no program that checks an HFS+',
    contents: async (t, file) => hashOfRanges(file, (await makeHfsplus(t)).used),
    comesAs: 'partclone',
    says: null,
    unclean: {
      spoil: async (_, file) => {
        const attributes = (await readFile(file)).readUInt32BE(1028);
        const dirty = Buffer.alloc(4);
        dirty.writeUInt32BE(attributes & ~0x100);
        await patchFile(file, 1028, dirty);
      },
      comesAs: 'raw',
      says: /not unmounted cleanly/,
    },
  },
  minix: {
    make: async (t) => {
      const file = await makeVolume(t, 30 * MIB, ['mkfs.minix', '-2', '-n', '14']);
      await useLastZone(file, true);
      return file;
    },
    // The zone that nothing refers to is the one thing that it finds.
    check: (file) => run('fsck.minix', ['-f', file], { allowedStatuses: [0, 3, 4, 8] }),
    contents: async (_, file) => {
      const found = await run('fsck.minix', ['-f', file], { allowedStatuses: [0, 3, 4, 8] });
      const lastZone = { startBytes: 30 * MIB - 1024, endBytes: 30 * MIB };
      return [found.stdout.replaceAll(file, ''), await hashOfRanges(file, [lastZone])];
    },
    comesAs: 'partclone',
    says: null,
    unclean: {
      spoil: (_, file) => patchFile(file, 1024 + 18, [0]),
      comesAs: 'raw',
      says: /not unmounted cleanly/,
    },
  },
  swap: {
    make: makeSwapArea,
    check: (file) => run('swaplabel', [file]),
    contents: (_, file) => hashOfRanges(file, [{ startBytes: 0, endBytes: SWAP_PAGE }]),
    comesAs: 'swap',
    says: null,
    unclean: {
      // As Linux writes it; libblkid calls others than this one by another name.
      spoil: (_, file) => sleepIn(file),
      comesAs: 'refused',
      says: /a Linux is hibernated/,
    },
  },
  'sleeping-swap': {
    make: async (t) => {
      const file = await makeSwapArea(t);
      await sleepIn(file);
      return file;
    },
    check: 'it is refused',
    contents: () => Promise.resolve(null),
    comesAs: 'refused',
    says: /a Linux is hibernated/,
    unclean: 'it is always refused',
  },
  member: whole((t) => odd(t, [4096, raidSuperBlock()]), /one of 2 devices of a Linux RAID 1/),
  unread: whole((t) => odd(t, [32768, jfsSuperBlock()]), /is not known for jfs/),
  unnamed: whole((t) => odd(t), null),
  other: whole((t) => odd(t, [0, Buffer.from('LUKS\xba\xbe\x00\x01', 'latin1')]), null),
};
