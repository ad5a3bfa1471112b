/**
 * Super block and group descriptors of ext2, ext3 and ext4 (Linux Documentation/filesystems/ext4, "Data Structure Layout").
 * All numbers are little-endian.
 */

import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { Bytes } from '../../lib/units.ts';
import { readBytes } from './structure.ts';

export const SUPER_OFFSET_BYTES = 1024;
export const SUPER_BYTES = 1024;
const MAGIC = 0xef53;

export const STATE = { cleanlyUnmounted: 1, errors: 2 } as const;

export const COMPAT = { hasJournal: 0x4, sparseSuper2: 0x200 } as const;
export const INCOMPAT = { recover: 0x4, journalDevice: 0x8, metaBg: 0x10, is64Bit: 0x80 } as const;
const RO_COMPAT = {
  sparseSuper: 0x1,
  gdtChecksum: 0x10,
  bigalloc: 0x200,
  checksums: 0x400,
} as const;

const BLOCK_UNINIT = 0x2;

/** As mke2fs wants it; 64 MiB of descriptors are a million groups, of 128 MiB each with blocks of 4 KiB. */
const LEAST_BLOCKS_PER_GROUP = 256;
const MAX_DESCRIPTORS_BYTES = 64 * 1024 * 1024;

export type SuperBlock = {
  readonly blockCount: number;
  readonly firstDataBlock: number;
  readonly blockBytes: Bytes;
  /** Blocks that a bit of a bitmap stands for: more than one with bigalloc. */
  readonly clusterBlocks: number;
  readonly blocksPerGroup: number;
  readonly inodesPerGroup: number;
  readonly inodeBytes: Bytes;
  readonly descriptorBytes: Bytes;
  readonly reservedDescriptorBlocks: number;
  readonly firstMetaGroup: number;
  readonly backupGroups: readonly number[];
  readonly state: number;
  readonly journalInode: number;
  readonly compat: number;
  readonly incompat: number;
  readonly roCompat: number;
};

export type Group = {
  readonly blockBitmap: number;
  readonly inodeBitmap: number;
  readonly inodeTable: number;
  readonly freeClusters: number;
  /** Its block bitmap was never written: only metadata is in it. */
  readonly isUninitialised: boolean;
};

/** Null when it is none, or contradicts itself. */
export function parseSuperBlock(raw: Buffer): SuperBlock | null {
  if (raw.readUInt16LE(0x38) !== MAGIC) return null;
  const incompat = raw.readUInt32LE(0x60);
  const roCompat = raw.readUInt32LE(0x64);
  const logBlock = raw.readUInt32LE(0x18);
  const logCluster = raw.readUInt32LE(0x1c);
  const hasClusters = (roCompat & RO_COMPAT.bigalloc) !== 0;
  if (logBlock > 6 || (hasClusters && (logCluster > 20 || logCluster < logBlock))) return null;
  const is64Bit = (incompat & INCOMPAT.is64Bit) !== 0;
  const highBlocks = is64Bit ? raw.readUInt32LE(0x150) : 0;
  const isOld = raw.readUInt32LE(0x4c) === 0;
  const blockBytes = 1024 << logBlock;
  const superBlock: SuperBlock = {
    blockCount: highBlocks * 2 ** 32 + raw.readUInt32LE(0x04),
    firstDataBlock: raw.readUInt32LE(0x14),
    blockBytes,
    clusterBlocks: hasClusters ? 2 ** (logCluster - logBlock) : 1,
    blocksPerGroup: raw.readUInt32LE(0x20),
    inodesPerGroup: raw.readUInt32LE(0x28),
    inodeBytes: isOld ? 128 : raw.readUInt16LE(0x58),
    descriptorBytes: is64Bit ? raw.readUInt16LE(0xfe) : 32,
    reservedDescriptorBlocks: raw.readUInt16LE(0xce),
    firstMetaGroup: (incompat & INCOMPAT.metaBg) !== 0 ? raw.readUInt32LE(0x104) : Infinity,
    backupGroups: [raw.readUInt32LE(0x24c), raw.readUInt32LE(0x250)],
    state: raw.readUInt16LE(0x3a),
    journalInode: raw.readUInt32LE(0xe0),
    compat: raw.readUInt32LE(0x5c),
    incompat,
    roCompat,
  };
  const { blockCount, firstDataBlock, clusterBlocks, blocksPerGroup, descriptorBytes } = superBlock;
  const isSound =
    Number.isSafeInteger(blockCount * blockBytes) &&
    firstDataBlock < blockCount &&
    firstDataBlock <= 1 &&
    blocksPerGroup >= LEAST_BLOCKS_PER_GROUP &&
    blocksPerGroup % (8 * clusterBlocks) === 0 &&
    blocksPerGroup / clusterBlocks <= blockBytes * 8 &&
    descriptorBytes >= 32 &&
    descriptorBytes <= blockBytes &&
    groupCountOf(superBlock) * descriptorBytes <= MAX_DESCRIPTORS_BYTES &&
    superBlock.inodesPerGroup <= blockBytes * 8 &&
    superBlock.inodeBytes >= 128 &&
    superBlock.inodeBytes <= blockBytes;
  return isSound ? superBlock : null;
}

export async function readGroups(reader: SectorReader, superBlock: SuperBlock): Promise<Group[]> {
  const { blockBytes, descriptorBytes, roCompat } = superBlock;
  const groupCount = groupCountOf(superBlock);
  const perBlock = Math.floor(blockBytes / descriptorBytes);
  const groups: Group[] = [];
  for (let block = 0; groups.length < groupCount; block += 1) {
    const at = descriptorBlock(superBlock, block, perBlock);
    const raw = await readBytes(reader, at * blockBytes, blockBytes);
    for (let index = 0; index < perBlock && groups.length < groupCount; index += 1) {
      groups.push(
        parseGroup(
          raw.subarray(index * descriptorBytes, (index + 1) * descriptorBytes),
          (roCompat & (RO_COMPAT.gdtChecksum | RO_COMPAT.checksums)) !== 0,
        ),
      );
    }
  }
  return groups;
}

function parseGroup(raw: Buffer, hasFlags: boolean): Group {
  const isWide = raw.length >= 64;
  const wide = (low: number, high: number): number =>
    raw.readUInt32LE(low) + (isWide ? raw.readUInt32LE(high) * 2 ** 32 : 0);
  return {
    blockBitmap: wide(0x00, 0x20),
    inodeBitmap: wide(0x04, 0x24),
    inodeTable: wide(0x08, 0x28),
    freeClusters: raw.readUInt16LE(0x0c) + (isWide ? raw.readUInt16LE(0x2c) * 2 ** 16 : 0),
    isUninitialised: hasFlags && (raw.readUInt16LE(0x12) & BLOCK_UNINIT) !== 0,
  };
}

function groupCountOf({ blockCount, firstDataBlock, blocksPerGroup }: SuperBlock): number {
  return Math.ceil((blockCount - firstDataBlock) / blocksPerGroup);
}

/** Where the block `index` of the group descriptors lies: behind the super block, or in its own meta group. */
function descriptorBlock(superBlock: SuperBlock, index: number, perBlock: number): number {
  const { firstDataBlock, blocksPerGroup, firstMetaGroup, blockBytes } = superBlock;
  // With blocks of 1 KiB the super block is in block 1, else it shares block 0 with the boot sector.
  const superBlockAt = blockBytes === 1024 ? 1 : firstDataBlock;
  if (index < firstMetaGroup) return superBlockAt + 1 + index;
  const group = index * perBlock;
  const start = group === 0 ? superBlockAt : firstDataBlock + group * blocksPerGroup;
  return start + (hasSuper(superBlock, group) ? 1 : 0);
}

/** Super block, descriptors and their reserve in a group: first block and number of blocks. */
export function ownBlocks(
  superBlock: SuperBlock,
  group: number,
  groupCount: number,
): (readonly [number, number])[] {
  const { firstDataBlock, blocksPerGroup, firstMetaGroup, blockBytes, descriptorBytes } =
    superBlock;
  const start = firstDataBlock + group * blocksPerGroup;
  const perBlock = Math.floor(blockBytes / descriptorBytes);
  const metaGroup = Math.floor(group / perBlock);
  const has = hasSuper(superBlock, group);
  if (metaGroup < firstMetaGroup) {
    if (!has) return [];
    const all = Math.ceil(groupCount / perBlock);
    const descriptors = Math.min(all, firstMetaGroup);
    const reserved = firstMetaGroup === Infinity ? superBlock.reservedDescriptorBlocks : 0;
    return [[start, 1 + descriptors + reserved]];
  }
  // The first, second and last group of a meta group have its one block of descriptors.
  const place = group % perBlock;
  const hasDescriptors = place === 0 || place === 1 || place === perBlock - 1;
  const count = (has ? 1 : 0) + (hasDescriptors ? 1 : 0);
  return count === 0 ? [] : [[start, count]];
}

function hasSuper({ compat, roCompat, backupGroups }: SuperBlock, group: number): boolean {
  if (group === 0) return true;
  if ((compat & COMPAT.sparseSuper2) !== 0) return backupGroups.includes(group);
  if (group === 1 || (roCompat & RO_COMPAT.sparseSuper) === 0) return true;
  return [3, 5, 7].some((base) => isPower(group, base));
}

function isPower(value: number, base: number): boolean {
  let power = base;
  while (power < value) power *= base;
  return power === value;
}
