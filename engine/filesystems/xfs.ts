/**
 * XFS: state and used blocks from super block and free-space trees (XFS Algorithms & Data Structures, "AG Free Space
 * Management"). All numbers are big-endian. The log is asked of xfs_logprint.
 */

import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { SimpleMessage } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes } from '../../lib/units.ts';
import { isLogDirty } from '../tools/xfs-logprint.ts';
import { fullBlockMap, markFree, type BlockMap } from './block-map.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { readBytes } from './structure.ts';

const SUPER_BYTES = 512;
const SUPER_MAGIC = 'XFSB';
const AGF_MAGIC = 'XAGF';
/** Trees of free space by block number: version 4, and version 5 with check sums. */
const TREE_HEADER_BYTES: ReadonlyMap<string, Bytes> = new Map([
  ['ABTB', 16],
  ['AB3B', 56],
]);
/** Deeper than any tree that a group of 2^31 blocks can have. */
const MAX_TREE_LEVELS = 9;
/** More than half full ones are for the free space of a group of 1 TiB of which every second block is free. */
const MAX_LEVEL_BLOCKS = 2 ** 20;

const VERSION_MASK = 0xf;
const INCOMPAT_NEEDS_REPAIR = 0x10;
/** ftype, sparse inodes, metadata UUID, bigtime, needs-repair, large extent counts, exchange range, parent pointers. */
const KNOWN_INCOMPAT = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x80;

type SuperBlock = {
  readonly blockBytes: Bytes;
  readonly sectorBytes: Bytes;
  readonly blockCount: number;
  readonly groupBlocks: number;
  readonly groupCount: number;
  readonly hasOwnLog: boolean;
  readonly hasRealtime: boolean;
  readonly isHalfMade: boolean;
  readonly hasChecksums: boolean;
  /** Features that older programs must not even read. */
  readonly incompat: number;
};

export const XFS = {
  program: { name: 'partclone.xfs', options: [] },
  inspect: (volume) => everySectorOnFault(() => inspect(volume)),
} satisfies Filesystem;

async function inspect({ run, device, reader, sizeBytes }: Volume): Promise<Inspection> {
  const superBlock = parseSuperBlock(await readBytes(reader, 0, SUPER_BYTES));
  if (superBlock === null) return everySector(message('copy.damaged-super-block'));
  const { blockBytes, blockCount, incompat } = superBlock;
  if (blockBytes * blockCount > sizeBytes) return largerThanPartition();
  if (superBlock.isHalfMade) return everySector(message('copy.half-made'));
  if (!superBlock.hasOwnLog) {
    return everySector(message('copy.external-log'));
  }
  if (superBlock.hasRealtime) {
    return everySector(message('copy.realtime-device'));
  }
  if ((incompat & INCOMPAT_NEEDS_REPAIR) !== 0) {
    return everySector(message('copy.needs-repair', { check: 'xfs_repair' }));
  }
  if ((incompat & ~KNOWN_INCOMPAT) !== 0) {
    return everySector(message('copy.unknown-features'));
  }
  // The trees on the disk are those from before the changes that only the log has.
  if (await isLogDirty(run, device)) {
    return {
      type: 'refused',
      state:
        'its log holds changes that are not yet in the file system (it was not unmounted cleanly)',
      remedy:
        'Start the machine and shut it down properly, or mount and unmount the file system once so that its log is replayed, then capture again.',
    };
  }
  const used = await readUsed(reader, superBlock);
  if (used === null) {
    return everySector(message('copy.contradicts-itself', { check: 'xfs_repair -n' }));
  }
  return { type: 'used-blocks', used, endBytes: blockCount * blockBytes, warnings: [] };
}

/** Null when it is none, or contradicts itself. */
function parseSuperBlock(raw: Buffer): SuperBlock | null {
  if (raw.toString('latin1', 0, 4) !== SUPER_MAGIC) return null;
  const version = raw.readUInt16BE(100) & VERSION_MASK;
  const superBlock: SuperBlock = {
    blockBytes: raw.readUInt32BE(4),
    sectorBytes: raw.readUInt16BE(102),
    blockCount: Number(raw.readBigUInt64BE(8)),
    groupBlocks: raw.readUInt32BE(84),
    groupCount: raw.readUInt32BE(88),
    hasOwnLog: raw.readBigUInt64BE(48) !== 0n,
    hasRealtime: raw.readBigUInt64BE(16) !== 0n || raw.readBigUInt64BE(24) !== 0n,
    isHalfMade: raw.readUInt8(126) !== 0,
    hasChecksums: version === 5,
    incompat: version === 5 ? raw.readUInt32BE(216) : 0,
  };
  const { blockBytes, sectorBytes, blockCount, groupBlocks, groupCount } = superBlock;
  const isSound =
    (version === 4 || version === 5) &&
    isPowerOfTwo(blockBytes, 512, 65536) &&
    isPowerOfTwo(sectorBytes, 512, 32768) &&
    Number.isSafeInteger(blockBytes * blockCount) &&
    groupBlocks > 0 &&
    blockCount > groupBlocks * (groupCount - 1) &&
    blockCount <= groupBlocks * groupCount;
  return isSound ? superBlock : null;
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && Number.isInteger(Math.log2(value));
}

/**
 * All blocks but those in the trees of free space, and in the lists of blocks that these trees will grow into (AGFL):
 * nothing refers to the content of either. Null when a tree has another number of free blocks than its group says.
 */
async function readUsed(reader: SectorReader, superBlock: SuperBlock): Promise<BlockMap | null> {
  const { blockBytes, sectorBytes, blockCount, groupBlocks, groupCount } = superBlock;
  const used = fullBlockMap(blockBytes, blockCount);
  for (let group = 0; group < groupCount; group += 1) {
    const startBytes = group * groupBlocks * blockBytes;
    // Super block, AGF, AGI and AGFL have a sector each.
    const headers = await readBytes(reader, startBytes, 4 * sectorBytes);
    const agf = headers.subarray(sectorBytes, 2 * sectorBytes);
    if (agf.toString('latin1', 0, 4) !== AGF_MAGIC || agf.readUInt32BE(8) !== group) return null;
    const free = await freeTree(reader, superBlock, used, {
      group,
      root: agf.readUInt32BE(16),
      levels: agf.readUInt32BE(28),
    });
    if (free !== agf.readUInt32BE(52)) return null;
    const list = headers.subarray(3 * sectorBytes + (superBlock.hasChecksums ? 36 : 0));
    for (const block of freeList(agf, list)) {
      if (block < groupBlocks) markFree(used, group * groupBlocks + block, 1);
    }
  }
  return used;
}

/** The entries of a free list, which goes round in its sector. */
function freeList(agf: Buffer, list: Buffer): number[] {
  const size = Math.floor(list.length / 4);
  const first = agf.readUInt32BE(40);
  const count = agf.readUInt32BE(48);
  if (first >= size || count > size) return [];
  return Array.from({ length: count }, (_, index) =>
    list.readUInt32BE(((first + index) % size) * 4),
  );
}

/** Marks what the tree calls free. Returns how many blocks that are, null when the tree is none. */
async function freeTree(
  reader: SectorReader,
  superBlock: SuperBlock,
  used: BlockMap,
  tree: { readonly group: number; readonly root: number; readonly levels: number },
): Promise<number | null> {
  const { blockBytes, groupBlocks } = superBlock;
  if (tree.levels < 1 || tree.levels > MAX_TREE_LEVELS) return null;
  let free = 0;
  let level = [tree.root];
  for (let height = tree.levels - 1; height >= 0; height -= 1) {
    const below: number[] = [];
    for (const block of level) {
      if (block >= groupBlocks || below.length > MAX_LEVEL_BLOCKS) return null;
      const at = (tree.group * groupBlocks + block) * blockBytes;
      const raw = await readBytes(reader, at, blockBytes);
      const headerBytes = TREE_HEADER_BYTES.get(raw.toString('latin1', 0, 4));
      if (headerBytes === undefined || raw.readUInt16BE(4) !== height) return null;
      const count = raw.readUInt16BE(6);
      // A key and a pointer, or a record: first block and number of blocks.
      const most = Math.floor((blockBytes - headerBytes) / (height === 0 ? 8 : 12));
      if (count > most) return null;
      for (let index = 0; index < count; index += 1) {
        if (height > 0) {
          below.push(raw.readUInt32BE(headerBytes + most * 8 + index * 4));
          continue;
        }
        const first = raw.readUInt32BE(headerBytes + index * 8);
        const blocks = raw.readUInt32BE(headerBytes + index * 8 + 4);
        if (first + blocks > groupBlocks) return null;
        markFree(used, tree.group * groupBlocks + first, blocks);
        free += blocks;
      }
    }
    level = below;
  }
  return free;
}

function everySector(reason: SimpleMessage): Inspection {
  return { type: 'every-sector', reason };
}
