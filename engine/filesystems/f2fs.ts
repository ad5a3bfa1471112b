/**
 * F2FS on one device: which blocks hold data, by the segment information table (SIT) of the newest checkpoint.
 * Structures as in the Linux kernel's include/linux/f2fs_fs.h; little-endian, bits from the highest of each byte on.
 */

import { crc32 } from 'node:zlib';
import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import { message } from '../../lib/model/messages/table.ts';
import { emptyBlockMap, markUsed, type BlockMap } from './block-map.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { mustHold, readBytes, safeNumber } from './structure.ts';

const MAGIC = 0xf2f52010;
const BLOCK_BYTES = 4096;
const SUPER_BLOCK_OFFSET = 1024;
const SEGMENT_BLOCKS = 512;
const FEATURE_ZONED = 0x2;

/** Flags of a checkpoint. */
const UNMOUNTED = 0x1;
const COMPACT_SUMMARY = 0x4;
const HAS_ERROR = 0x8;
const WANTS_FSCK = 0x10;
const LARGE_NAT_BITMAP = 0x400;
const QUOTA_WANTS_FSCK = 0x800;
const DISABLED = 0x1000;

const SIT_ENTRY_BYTES = 74;
const SIT_ENTRIES_PER_BLOCK = Math.floor(BLOCK_BYTES / SIT_ENTRY_BYTES);
/** Of a block of summaries: 512 entries of 7 bytes, a journal, and a footer of 5. */
const SUMMARY_ENTRIES_BYTES = SEGMENT_BLOCKS * 7;
const JOURNAL_BYTES = BLOCK_BYTES - SUMMARY_ENTRIES_BYTES - 5;
const COLD_DATA = 2;
const SUMMARIES_AT_UNMOUNT = 6;

type Layout = {
  readonly blocks: number;
  readonly checkpointBlock: number;
  readonly checkpointPayload: number;
  readonly sitBlock: number;
  /** Blocks of one of the two copies of the SIT. */
  readonly sitBlocks: number;
  readonly mainBlock: number;
  readonly mainSegments: number;
};

export const F2FS = {
  program: { name: 'partclone.f2fs', options: [] },
  inspect,
} satisfies Filesystem;

async function inspect(volume: Pick<Volume, 'reader' | 'sizeBytes'>): Promise<Inspection> {
  return everySectorOnFault(async () => {
    const { reader, sizeBytes } = volume;
    const layout = parseLayout(await readBytes(reader, SUPER_BLOCK_OFFSET, 3072));
    if (layout.blocks * BLOCK_BYTES > sizeBytes) return largerThanPartition();
    const checkpoint = await readCheckpoint(reader, layout);
    if ((checkpoint.flags & UNMOUNTED) === 0) {
      return {
        type: 'refused',
        state: 'the F2FS was not unmounted cleanly, and part of its data is only in its log',
        remedy:
          'Mount and unmount the file system once so that its log is replayed, then capture again.',
      };
    }
    if ((checkpoint.flags & (HAS_ERROR | WANTS_FSCK | QUOTA_WANTS_FSCK | DISABLED)) !== 0) {
      return { type: 'every-sector', reason: message('copy.needs-repair', { check: 'fsck.f2fs' }) };
    }
    const used = await mapOf(reader, layout, checkpoint);
    return { type: 'used-blocks', used, endBytes: layout.blocks * BLOCK_BYTES, warnings: [] };
  });
}

/** Reads the super block. Throws StructureFault. */
function parseLayout(bytes: Buffer): Layout {
  mustHold(
    bytes.readUInt32LE(0) === MAGIC &&
      bytes.readUInt32LE(16) === 12 &&
      bytes.readUInt32LE(20) === 9,
    'structure.super-block-unusual',
  );
  mustHold((bytes.readUInt32LE(2180) & FEATURE_ZONED) === 0, 'structure.f2fs-zoned');
  mustHold(bytes.readUInt8(2201) === 0, 'structure.f2fs-devices');
  const layout: Layout = {
    blocks: safeNumber(bytes.readBigUInt64LE(36)),
    checkpointBlock: bytes.readUInt32LE(76),
    checkpointPayload: bytes.readUInt32LE(1664),
    sitBlock: bytes.readUInt32LE(80),
    sitBlocks: Math.floor(bytes.readUInt32LE(56) / 2) * SEGMENT_BLOCKS,
    mainBlock: bytes.readUInt32LE(92),
    mainSegments: bytes.readUInt32LE(68),
  };
  mustHold(
    layout.checkpointPayload < SEGMENT_BLOCKS &&
      layout.mainSegments * SEGMENT_BLOCKS <= layout.blocks,
    'structure.super-block-unusual',
  );
  return layout;
}

type Checkpoint = {
  readonly version: bigint;
  readonly firstBlock: number;
  /** The checkpoint itself, and behind it what its payload blocks hold. */
  readonly bytes: Buffer;
  readonly flags: number;
  readonly packBlocks: number;
};

/** The newer one of the two that is whole, of twins the first, as the kernel chooses. Throws StructureFault when none is. */
async function readCheckpoint(reader: SectorReader, layout: Layout): Promise<Checkpoint> {
  const first = await readPack(reader, layout, layout.checkpointBlock);
  const second = await readPack(reader, layout, layout.checkpointBlock + SEGMENT_BLOCKS);
  if (first !== null && second !== null) return second.version > first.version ? second : first;
  const only = first ?? second;
  mustHold(only !== null, 'structure.no-whole-checkpoint');
  return only;
}

/** Null when its first and its last block do not belong together: it was not written to its end. */
async function readPack(
  reader: SectorReader,
  { checkpointPayload }: Layout,
  firstBlock: number,
): Promise<Checkpoint | null> {
  const start = firstBlock * BLOCK_BYTES;
  const bytes = await readBytes(reader, start, (1 + checkpointPayload) * BLOCK_BYTES);
  const packBlocks = bytes.readUInt32LE(136);
  if (!hasChecksum(bytes) || packBlocks < 2 || packBlocks > SEGMENT_BLOCKS) return null;
  const last = await readBytes(reader, start + (packBlocks - 1) * BLOCK_BYTES, BLOCK_BYTES);
  const version = bytes.readBigUInt64LE(0);
  if (!hasChecksum(last) || last.readBigUInt64LE(0) !== version) return null;
  return { version, firstBlock, bytes, flags: bytes.readUInt32LE(132), packBlocks };
}

/** The kernel's crc32_le() over all of the block but the sum, begun with the magic number. */
function hasChecksum(block: Buffer): boolean {
  const offset = block.readUInt32LE(164);
  if (offset < 192 || offset > BLOCK_BYTES - 4) return false;
  // zlib inverts the number before and after: between two pieces that undoes itself.
  let inverted = crc32(block.subarray(0, offset), ~MAGIC >>> 0);
  inverted = crc32(block.subarray(offset + 4, BLOCK_BYTES), inverted);
  return block.readUInt32LE(offset) === ~inverted >>> 0;
}

async function mapOf(
  reader: SectorReader,
  layout: Layout,
  checkpoint: Checkpoint,
): Promise<BlockMap> {
  const used = emptyBlockMap(BLOCK_BYTES, layout.blocks);
  // Super blocks, checkpoints, SIT, NAT and SSA.
  markUsed(used, 0, layout.mainBlock);
  const journal = await readJournal(reader, checkpoint);
  const bitmap = sitBitmap(layout, checkpoint);
  let usedBlocks = 0;
  for (let from = 0; from < layout.mainSegments; from += SIT_ENTRIES_PER_BLOCK) {
    const index = from / SIT_ENTRIES_PER_BLOCK;
    const copy = isSet(bitmap, index) ? layout.sitBlocks : 0;
    const block = await readBytes(
      reader,
      (layout.sitBlock + copy + index) * BLOCK_BYTES,
      BLOCK_BYTES,
    );
    const to = Math.min(layout.mainSegments, from + SIT_ENTRIES_PER_BLOCK);
    for (let segment = from; segment < to; segment += 1) {
      const at = (segment - from) * SIT_ENTRY_BYTES;
      const entry = journal.get(segment) ?? block.subarray(at, at + SIT_ENTRY_BYTES);
      const first = layout.mainBlock + segment * SEGMENT_BLOCKS;
      const valid = entry.subarray(2, 66);
      for (let bit = 0; bit < SEGMENT_BLOCKS; bit += 1) {
        if (bit % 8 === 0 && valid[bit / 8] === 0) {
          bit += 7;
          continue;
        }
        if (!isSet(valid, bit)) continue;
        markUsed(used, first + bit, 1);
        usedBlocks += 1;
      }
    }
  }
  mustHold(
    BigInt(usedBlocks) === checkpoint.bytes.readBigUInt64LE(16),
    'structure.checkpoint-disagrees',
  );
  return used;
}

/** Which of the two copies of each block of the SIT counts. */
function sitBitmap({ checkpointPayload }: Layout, { bytes, flags }: Checkpoint): Buffer {
  const natBytes = bytes.readUInt32LE(160);
  if ((flags & LARGE_NAT_BITMAP) !== 0) return bytes.subarray(192 + natBytes + 4);
  return bytes.subarray(checkpointPayload > 0 ? BLOCK_BYTES : 192);
}

/** Entries of the SIT that are newer than the SIT: with the summary of the segment for cold data. */
async function readJournal(
  reader: SectorReader,
  { bytes, firstBlock, flags, packBlocks }: Checkpoint,
): Promise<Map<number, Buffer>> {
  const isCompact = (flags & COMPACT_SUMMARY) !== 0;
  const block = isCompact
    ? firstBlock + bytes.readUInt32LE(140)
    : firstBlock + packBlocks - (SUMMARIES_AT_UNMOUNT + 1) + COLD_DATA;
  const summary = await readBytes(reader, block * BLOCK_BYTES, BLOCK_BYTES);
  // A compact one begins with the journal of the NAT.
  const at = isCompact ? JOURNAL_BYTES : SUMMARY_ENTRIES_BYTES;
  const journal = summary.subarray(at, at + JOURNAL_BYTES);
  const count = journal.readUInt16LE(0);
  mustHold(2 + count * (4 + SIT_ENTRY_BYTES) <= JOURNAL_BYTES, 'structure.checkpoint-damaged');
  const entries = new Map<number, Buffer>();
  for (let index = 0; index < count; index += 1) {
    const from = 2 + index * (4 + SIT_ENTRY_BYTES);
    entries.set(journal.readUInt32LE(from), journal.subarray(from + 4, from + 4 + SIT_ENTRY_BYTES));
  }
  return entries;
}

function isSet(bytes: Buffer, bit: number): boolean {
  return ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
}
