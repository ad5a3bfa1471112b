/** ext2, ext3 and ext4: state and used blocks from super block, group descriptors and block bitmaps. */

import type { Run } from '../../lib/exec/run.ts';
import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { SimpleMessage } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import { readExtFile } from '../tools/debugfs.ts';
import { emptyBlockMap, markUsed, type BlockMap } from './block-map.ts';
import {
  COMPAT,
  INCOMPAT,
  ownBlocks,
  parseSuperBlock,
  readGroups,
  STATE,
  SUPER_BYTES,
  SUPER_OFFSET_BYTES,
  type Group,
  type SuperBlock,
} from './ext-structures.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import { parseOsRelease } from './os-release.ts';
import { readBytes } from './structure.ts';

/**
 * filetype, recover, meta_bg, extents, 64bit, mmp, flex_bg, ea_inode, dirdata, csum_seed, largedir, inline_data,
 * encrypt, casefold: none changes which blocks are used but those that are read below.
 */
const KNOWN_INCOMPAT =
  0x2 |
  0x4 |
  0x10 |
  0x40 |
  0x80 |
  0x100 |
  0x200 |
  0x400 |
  0x1000 |
  0x2000 |
  0x4000 |
  0x8000 |
  0x10000 |
  0x20000;
/**
 * sparse_super, large_file, btree_dir, huge_file, gdt_csum, dir_nlink, extra_isize, quota, bigalloc, metadata_csum,
 * read-only, project, shared_blocks, verity, orphan_present.
 */
const KNOWN_RO_COMPAT =
  0x1 |
  0x2 |
  0x4 |
  0x8 |
  0x10 |
  0x20 |
  0x40 |
  0x100 |
  0x200 |
  0x400 |
  0x1000 |
  0x2000 |
  0x4000 |
  0x8000 |
  0x10000;

const SHUT_DOWN =
  'Start the machine and shut it down properly, or repair the file system (e2fsck -p), then capture again.';

export const EXT = {
  // -I: it would refuse one that was mounted often without a check. States that matter are looked at here.
  program: { name: 'partclone.extfs', options: ['-I'] },
  inspect: (volume) => everySectorOnFault(() => inspect(volume)),
  operatingSystem: nameOfLinux,
} satisfies Filesystem;

async function inspect({ reader, sizeBytes }: Volume): Promise<Inspection> {
  const raw = await readBytes(reader, SUPER_OFFSET_BYTES, SUPER_BYTES);
  const superBlock = parseSuperBlock(raw);
  if (superBlock === null) return everySector(message('copy.damaged-super-block'));
  const { state, compat, incompat, roCompat, blockBytes, blockCount } = superBlock;
  if ((incompat & INCOMPAT.journalDevice) !== 0) return everySector(message('copy.is-journal'));
  if ((incompat & INCOMPAT.recover) !== 0) {
    return {
      type: 'refused',
      state:
        'its journal holds changes that are not yet in the file system (it was not unmounted cleanly)',
      remedy: SHUT_DOWN,
    };
  }
  if ((state & STATE.cleanlyUnmounted) === 0) {
    const hasErrors = (state & STATE.errors) !== 0;
    return {
      type: 'refused',
      state: hasErrors
        ? 'it is marked as having errors and was not unmounted cleanly'
        : 'it was not unmounted cleanly',
      remedy: SHUT_DOWN,
    };
  }
  // Its bitmaps cannot be trusted, but nothing waits to be written: a copy of every sector is all that there is.
  if ((state & STATE.errors) !== 0) {
    return everySector(message('copy.has-errors', { check: 'e2fsck -f' }));
  }
  const unknown = (incompat & ~KNOWN_INCOMPAT) | (roCompat & ~KNOWN_RO_COMPAT);
  if (unknown !== 0) return everySector(message('copy.unknown-features'));
  if (blockCount * blockBytes > sizeBytes) return largerThanPartition();
  const used = await readUsed(reader, superBlock);
  if (used === null) {
    return everySector(message('copy.contradicts-itself', { check: 'e2fsck -f' }));
  }
  const hasOtherJournal = (compat & COMPAT.hasJournal) !== 0 && superBlock.journalInode === 0;
  const warnings = hasOtherJournal ? [message('note.journal-elsewhere')] : [];
  return { type: 'used-blocks', used, endBytes: blockCount * blockBytes, warnings };
}

/** Null when a bitmap has another number of free blocks than its group says. */
async function readUsed(reader: SectorReader, superBlock: SuperBlock): Promise<BlockMap | null> {
  const { blockBytes, blockCount, firstDataBlock, blocksPerGroup, clusterBlocks } = superBlock;
  const used = emptyBlockMap(blockBytes, blockCount);
  // The boot sector, which no group has when blocks are of 1 KiB.
  markUsed(used, 0, firstDataBlock);
  const groups = await readGroups(reader, superBlock);
  const tableBlocks = Math.ceil((superBlock.inodesPerGroup * superBlock.inodeBytes) / blockBytes);
  for (const [number, group] of groups.entries()) {
    // Also where they lie in groups whose own bitmap was never written.
    markUsed(used, group.blockBitmap, 1);
    markUsed(used, group.inodeBitmap, 1);
    markUsed(used, group.inodeTable, tableBlocks);
    for (const [first, count] of ownBlocks(superBlock, number, groups.length)) {
      markUsed(used, first, Math.min(count, blockCount - first));
    }
  }
  for (let number = 0; number < groups.length;) {
    const run = bitmapRun(groups, number);
    const [first] = run;
    if (first === undefined) {
      number += 1;
      continue;
    }
    const bitmaps = await readBytes(
      reader,
      first.blockBitmap * blockBytes,
      run.length * blockBytes,
    );
    for (const [index, group] of run.entries()) {
      const start = firstDataBlock + (number + index) * blocksPerGroup;
      const clusters = Math.ceil(Math.min(blocksPerGroup, blockCount - start) / clusterBlocks);
      const bitmap = bitmaps.subarray(index * blockBytes, (index + 1) * blockBytes);
      const free = addBitmap(used, bitmap, { start, clusters, clusterBlocks });
      if (free !== group.freeClusters) return null;
    }
    number += run.length;
  }
  return used;
}

/** The groups from `number` on whose bitmaps lie one behind the other, to be read at once: at most 64. */
function bitmapRun(groups: readonly Group[], number: number): Group[] {
  const run: Group[] = [];
  for (let index = number; index < groups.length && run.length < 64; index += 1) {
    const group = groups[index];
    const expected = (run[0]?.blockBitmap ?? 0) + run.length;
    if (group === undefined || group.isUninitialised) break;
    if (run.length > 0 && group.blockBitmap !== expected) break;
    run.push(group);
  }
  return run;
}

/** Marks what a group's bitmap says is used. Returns how many clusters are free. */
function addBitmap(
  used: BlockMap,
  bitmap: Buffer,
  group: { start: number; clusters: number; clusterBlocks: number },
): number {
  const { start, clusters, clusterBlocks } = group;
  let free = 0;
  for (let cluster = 0; cluster < clusters;) {
    const first = cluster;
    const isTaken = takes(bitmap, cluster);
    const sameByte = isTaken ? 0xff : 0;
    do {
      const isWholeByte = cluster % 8 === 0 && bitmap[cluster >> 3] === sameByte;
      cluster = Math.min(clusters, cluster + (isWholeByte ? 8 : 1));
    } while (cluster < clusters && takes(bitmap, cluster) === isTaken);
    if (!isTaken) {
      free += cluster - first;
      continue;
    }
    const from = start + first * clusterBlocks;
    const count = (cluster - first) * clusterBlocks;
    markUsed(used, from, Math.min(count, used.blockCount - from));
  }
  return free;
}

function takes(bitmap: Buffer, cluster: number): boolean {
  return ((bitmap[cluster >> 3] ?? 0) & (1 << (cluster & 7))) !== 0;
}

function everySector(reason: SimpleMessage): Inspection {
  return { type: 'every-sector', reason };
}

async function nameOfLinux(run: Run, device: string): Promise<string | null> {
  // /etc/os-release is a symbolic link to the first one nearly everywhere.
  for (const path of ['/usr/lib/os-release', '/etc/os-release']) {
    const text = await readExtFile(run, device, path);
    if (text !== null) return parseOsRelease(text);
  }
  return null;
}
