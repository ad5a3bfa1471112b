/** The structures of btrfs on the disk, as in the Linux kernel's include/uapi/linux/btrfs_tree.h; little-endian. */

import type { Bytes } from '../../lib/units.ts';
import { mustHold, safeNumber } from './structure.ts';

/** The first one counts; the others are its copies, where the device is large enough for them. */
export const SUPER_BLOCK_OFFSETS = [64 * 1024, 64 * 1024 ** 2, 256 * 1024 ** 3, 1024 ** 5] as const;
export const SUPER_BLOCK_BYTES = 4096;

export type SuperBlock = {
  /** What blocks of trees call their file system. */
  readonly treeUuid: Buffer;
  readonly rootTree: TreeBlock;
  readonly chunkTree: TreeBlock;
  /** The logical address of the log tree, 0 for none. */
  readonly logTree: bigint;
  /** The sum of all extents in use, each counted once. */
  readonly usedBytes: Bytes;
  readonly devices: bigint;
  /** The part of this device that the file system uses. */
  readonly deviceBytes: Bytes;
  readonly blockBytes: Bytes;
  readonly nodeBytes: Bytes;
  readonly incompatibleFlags: bigint;
  /** Those in which the chunk tree lies. */
  readonly systemChunks: readonly Chunk[];
};

/** A block of a tree, and what its parent says of it. */
export type TreeBlock = {
  readonly logical: number;
  readonly generation: bigint;
  readonly level: number;
};

/** A range of logical addresses, and where on the device it begins: once, or once for each copy. */
export type Chunk = {
  readonly logical: number;
  readonly length: Bytes;
  readonly type: bigint;
  readonly stripes: readonly { readonly offset: Bytes }[];
};

export type Key = { readonly objectId: bigint; readonly type: number; readonly offset: bigint };
export type Item = { readonly key: Key; readonly data: Buffer };

const MAGIC = '_BHRfS_M';
const METADATA_UUID_FLAG = 0x400n;
const KEY_BYTES = 17;
const HEADER_BYTES = 101;
const ITEM_BYTES = 25;
const POINTER_BYTES = 33;
const CHUNK_BYTES = 48;
const STRIPE_BYTES = 32;
const MAX_LEVEL = 7;

/** Throws StructureFault. */
export function parseSuperBlock(bytes: Buffer): SuperBlock {
  mustHold(bytes.toString('latin1', 0x40, 0x48) === MAGIC, 'structure.first-super-block-damaged');
  const incompatibleFlags = bytes.readBigUInt64LE(0xbc);
  const uuidAt = (incompatibleFlags & METADATA_UUID_FLAG) === 0n ? 0x20 : 0x23b;
  const blockBytes = bytes.readUInt32LE(0x90);
  const nodeBytes = bytes.readUInt32LE(0x94);
  const systemBytes = bytes.readUInt32LE(0xa0);
  mustHold(
    [4096, 8192, 16384, 32768, 65536].includes(blockBytes) &&
      nodeBytes >= blockBytes &&
      nodeBytes <= 65536 &&
      systemBytes <= 2048,
    'structure.first-super-block-damaged',
  );
  return {
    treeUuid: bytes.subarray(uuidAt, uuidAt + 16),
    rootTree: {
      logical: safeNumber(bytes.readBigUInt64LE(0x50)),
      generation: bytes.readBigUInt64LE(0x48),
      level: bytes.readUInt8(0xc6),
    },
    chunkTree: {
      logical: safeNumber(bytes.readBigUInt64LE(0x58)),
      generation: bytes.readBigUInt64LE(0xa4),
      level: bytes.readUInt8(0xc7),
    },
    logTree: bytes.readBigUInt64LE(0x60),
    usedBytes: safeNumber(bytes.readBigUInt64LE(0x78)),
    devices: bytes.readBigUInt64LE(0x88),
    deviceBytes: safeNumber(bytes.readBigUInt64LE(0xc9 + 8)),
    blockBytes,
    nodeBytes,
    incompatibleFlags,
    systemChunks: parseSystemChunks(bytes.subarray(0x32b, 0x32b + systemBytes)),
  };
}

/** Keys and chunks behind each other. */
function parseSystemChunks(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length;) {
    mustHold(at + KEY_BYTES + CHUNK_BYTES <= bytes.length, 'structure.first-super-block-damaged');
    const { offset } = parseKey(bytes, at);
    const chunk = parseChunk(offset, bytes.subarray(at + KEY_BYTES));
    chunks.push(chunk);
    at += KEY_BYTES + CHUNK_BYTES + chunk.stripes.length * STRIPE_BYTES;
  }
  return chunks;
}

/** `logical` is the offset in the chunk's key. Throws StructureFault. */
export function parseChunk(logical: bigint, data: Buffer): Chunk {
  mustHold(data.length >= CHUNK_BYTES, 'structure.chunk-damaged');
  const count = data.readUInt16LE(44);
  mustHold(
    count > 0 && data.length >= CHUNK_BYTES + count * STRIPE_BYTES,
    'structure.chunk-damaged',
  );
  return {
    logical: safeNumber(logical),
    length: safeNumber(data.readBigUInt64LE(0)),
    type: data.readBigUInt64LE(24),
    stripes: Array.from({ length: count }, (_, index) => ({
      offset: safeNumber(data.readBigUInt64LE(CHUNK_BYTES + index * STRIPE_BYTES + 8)),
    })),
  };
}

/** The items of each leaf of the tree below `root`, in order. Throws StructureFault. */
export async function* readLeaves(
  readBlock: (block: TreeBlock) => Promise<Buffer>,
  root: TreeBlock,
): AsyncGenerator<Item[]> {
  mustHold(root.level <= MAX_LEVEL, 'structure.tree-damaged');
  const bytes = await readBlock(root);
  if (root.level === 0) {
    yield leafItems(bytes);
    return;
  }
  const count = bytes.readUInt32LE(96);
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + index * POINTER_BYTES;
    yield* readLeaves(readBlock, {
      logical: safeNumber(bytes.readBigUInt64LE(at + KEY_BYTES)),
      generation: bytes.readBigUInt64LE(at + KEY_BYTES + 8),
      level: root.level - 1,
    });
  }
}

function leafItems(bytes: Buffer): Item[] {
  return Array.from({ length: bytes.readUInt32LE(96) }, (_, index) => {
    const at = HEADER_BYTES + index * ITEM_BYTES;
    const from = HEADER_BYTES + bytes.readUInt32LE(at + KEY_BYTES);
    const end = from + bytes.readUInt32LE(at + KEY_BYTES + 4);
    mustHold(end <= bytes.length, 'structure.tree-damaged');
    return { key: parseKey(bytes, at), data: bytes.subarray(from, end) };
  });
}

/** Whether the bytes are the block that the parent means: after a lost write there may be an older one in its place. */
export function isTreeBlock(bytes: Buffer, block: TreeBlock, treeUuid: Buffer): boolean {
  const level = bytes.readUInt8(100);
  const entryBytes = level === 0 ? ITEM_BYTES : POINTER_BYTES;
  return (
    bytes.subarray(32, 48).equals(treeUuid) &&
    bytes.readBigUInt64LE(48) === BigInt(block.logical) &&
    bytes.readBigUInt64LE(80) === block.generation &&
    level === block.level &&
    HEADER_BYTES + bytes.readUInt32LE(96) * entryBytes <= bytes.length
  );
}

function parseKey(bytes: Buffer, at: number): Key {
  return {
    objectId: bytes.readBigUInt64LE(at),
    type: bytes.readUInt8(at + 8),
    offset: bytes.readBigUInt64LE(at + 9),
  };
}
