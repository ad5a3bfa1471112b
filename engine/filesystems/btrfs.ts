/**
 * btrfs on one device: which blocks hold data, by the extent tree, and where each copy of them lies (DUP has two on
 * one device), by the chunk tree. It is written copy on write: what the super block names is whole at any moment,
 * except what is in a log tree, which is replayed at the next mount.
 */

import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes } from '../../lib/units.ts';
import { emptyBlockMap, markUsed, type BlockMap } from './block-map.ts';
import {
  isTreeBlock,
  parseChunk,
  parseSuperBlock,
  readLeaves,
  SUPER_BLOCK_BYTES,
  SUPER_BLOCK_OFFSETS,
  type Chunk,
  type SuperBlock,
  type TreeBlock,
} from './btrfs-structures.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { mustHold, readBytes, safeNumber, StructureFault } from './structure.ts';

/** What lies before it is never part of a chunk: boot loaders may use it, and the first super block is there. */
const RESERVED_BYTES = 1024 * 1024;

/** All that is known here of a volume, flag by flag: unknown ones may place data elsewhere (zones, stripe trees). */
const KNOWN_INCOMPATIBLE_FLAGS = 0x0fffn;
const SIMPLE_QUOTA_FLAG = 0x10000n;

const CHUNK_ITEM = 228;
const ROOT_ITEM = 132;
const EXTENT_ITEM = 168;
const METADATA_ITEM = 169;
const EXTENT_TREE = 2n;
/** They are of 1 GiB on any disk that is not small. */
const MAX_CHUNKS = 2 ** 20;

/** Bits of a chunk's type: of these each stripe is a whole copy. Others, but for a single stripe, cut data in pieces. */
const PIECES = 0x8n | 0x40n | 0x80n | 0x100n;

export const BTRFS = {
  program: { name: 'partclone.btrfs', options: [] },
  inspect,
} satisfies Filesystem;

async function inspect(volume: Pick<Volume, 'reader' | 'sizeBytes'>): Promise<Inspection> {
  return everySectorOnFault(async () => {
    const { reader, sizeBytes } = volume;
    const superBlock = parseSuperBlock(
      await readBytes(reader, SUPER_BLOCK_OFFSETS[0], SUPER_BLOCK_BYTES),
    );
    if (superBlock.deviceBytes > sizeBytes) return largerThanPartition();
    if (superBlock.logTree !== 0n) {
      return {
        type: 'refused',
        state: 'the btrfs has a log with changes that were not yet written',
        remedy:
          'Mount and unmount the file system once so that its log is replayed, then capture again.',
      };
    }
    if (superBlock.devices !== 1n) {
      return {
        type: 'every-sector',
        reason: message('copy.btrfs-devices', { devices: Number(superBlock.devices) }),
      };
    }
    const unknown = superBlock.incompatibleFlags & ~(KNOWN_INCOMPATIBLE_FLAGS | SIMPLE_QUOTA_FLAG);
    mustHold(unknown === 0n, 'structure.btrfs-features');
    const used = await mapOf(reader, superBlock);
    return { type: 'used-blocks', used, endBytes: superBlock.deviceBytes, warnings: [] };
  });
}

async function mapOf(reader: SectorReader, superBlock: SuperBlock): Promise<BlockMap> {
  const { blockBytes, deviceBytes } = superBlock;
  const used = emptyBlockMap(blockBytes, Math.floor(deviceBytes / blockBytes));
  const mark = (offset: Bytes, length: Bytes): void => {
    const first = Math.floor(offset / blockBytes);
    const end = Math.ceil((offset + length) / blockBytes);
    mustHold(end <= used.blockCount, 'structure.chunk-outside');
    markUsed(used, first, end - first);
  };
  mark(0, RESERVED_BYTES);
  for (const offset of SUPER_BLOCK_OFFSETS) {
    if (offset + SUPER_BLOCK_BYTES <= deviceBytes) mark(offset, SUPER_BLOCK_BYTES);
  }
  const volume = await readChunks(reader, superBlock);
  let usedBytes = 0;
  for await (const extents of extentsOf(volume)) {
    for (const { logical, size } of extents) {
      usedBytes += size;
      mustHold(usedBytes <= superBlock.usedBytes, DISAGREE);
      for (const { offset, length } of copiesOf(volume.chunks, logical, size)) mark(offset, length);
    }
  }
  // The file system keeps account of the same sum.
  mustHold(usedBytes === superBlock.usedBytes, DISAGREE);
  return used;
}

const DISAGREE = 'structure.extent-tree-disagrees';

type ReadBlock = (block: TreeBlock) => Promise<Buffer>;

type Chunks = { readonly reader: SectorReader; readonly superBlock: SuperBlock } & {
  /** In the order of their logical addresses. */
  readonly chunks: readonly Chunk[];
};

/** Those of the super block lead to the tree that has them all. */
async function readChunks(reader: SectorReader, superBlock: SuperBlock): Promise<Chunks> {
  const system = sorted(superBlock.systemChunks);
  const chunks: Chunk[] = [];
  const readBlock = blockReader(reader, superBlock, system);
  for await (const items of readLeaves(readBlock, superBlock.chunkTree)) {
    for (const { key, data } of items) {
      if (key.type !== CHUNK_ITEM) continue;
      mustHold(chunks.length < MAX_CHUNKS, 'structure.chunk-tree-damaged');
      chunks.push(parseChunk(key.offset, data));
    }
  }
  return { reader, superBlock, chunks: sorted(chunks) };
}

function sorted(chunks: readonly Chunk[]): Chunk[] {
  return [...chunks].sort((a, b) => a.logical - b.logical);
}

type Extent = { readonly logical: number; readonly size: Bytes };

/** The extents that are in use, of data and of trees, leaf by leaf. */
async function* extentsOf({ reader, superBlock, chunks }: Chunks): AsyncGenerator<Extent[]> {
  const readBlock = blockReader(reader, superBlock, chunks);
  const extentTree = await findExtentTree(readBlock, superBlock.rootTree);
  for await (const items of readLeaves(readBlock, extentTree)) {
    yield items.flatMap(({ key }): Extent[] => {
      const logical = safeNumber(key.objectId);
      if (key.type === EXTENT_ITEM) return [{ logical, size: safeNumber(key.offset) }];
      return key.type === METADATA_ITEM ? [{ logical, size: superBlock.nodeBytes }] : [];
    });
  }
}

async function findExtentTree(readBlock: ReadBlock, rootTree: TreeBlock): Promise<TreeBlock> {
  for await (const items of readLeaves(readBlock, rootTree)) {
    for (const { key, data } of items) {
      if (key.objectId !== EXTENT_TREE || key.type !== ROOT_ITEM) continue;
      mustHold(data.length >= 239, 'structure.root-tree-damaged');
      return {
        logical: safeNumber(data.readBigUInt64LE(176)),
        generation: data.readBigUInt64LE(160),
        level: data.readUInt8(238),
      };
    }
  }
  throw new StructureFault('structure.no-extent-tree');
}

/** Where `size` bytes at the logical address lie on the device, each copy. Throws StructureFault. */
function copiesOf(
  chunks: readonly Chunk[],
  logical: number,
  size: Bytes,
): { offset: Bytes; length: Bytes }[] {
  const copies: { offset: Bytes; length: Bytes }[] = [];
  for (let at = logical; at < logical + size;) {
    const chunk = chunkAt(chunks, at);
    const length = Math.min(logical + size, chunk.logical + chunk.length) - at;
    mustHold(
      (chunk.type & PIECES) === 0n || chunk.stripes.length === 1,
      'structure.btrfs-in-pieces',
    );
    for (const { offset } of chunk.stripes) {
      copies.push({ offset: offset + (at - chunk.logical), length });
    }
    at += length;
  }
  return copies;
}

function chunkAt(chunks: readonly Chunk[], logical: number): Chunk {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chunks[middle]?.logical ?? Infinity) <= logical) low = middle + 1;
    else high = middle;
  }
  const chunk = chunks[low - 1];
  mustHold(
    chunk !== undefined && logical < chunk.logical + chunk.length,
    'structure.extent-in-no-chunk',
  );
  return chunk;
}

/** Reads blocks of trees from the first copy that is what its parent says. Throws StructureFault when none is. */
function blockReader(
  reader: SectorReader,
  superBlock: SuperBlock,
  chunks: readonly Chunk[],
): ReadBlock {
  return async (block) => {
    for (const { offset } of copiesOf(chunks, block.logical, superBlock.nodeBytes)) {
      const bytes = await readBytes(reader, offset, superBlock.nodeBytes);
      if (isTreeBlock(bytes, block, superBlock.treeUuid)) return bytes;
    }
    throw new StructureFault('structure.tree-block-damaged');
  };
}
