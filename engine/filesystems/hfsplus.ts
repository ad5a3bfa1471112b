/**
 * HFS+ and HFSX, alone or wrapped in an HFS: which allocation blocks hold data, by the allocation file. Apple Technical
 * Note TN1150 ("HFS Plus Volume Format"); big-endian.
 */

import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes } from '../../lib/units.ts';
import { mapOfBytes, markBytesUsed, type BlockMap } from './block-map.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { mustHold, readBytes, safeNumber } from './structure.ts';

const HEADER_OFFSET = 1024;
const HEADER_BYTES = 512;
const SECTOR_BYTES = 512;
const SIGNATURE_HFS = 0x4244;
const SIGNATURE_PLUS = 0x482b;
const SIGNATURE_X = 0x4858;

/** Bits of the volume's attributes. */
const UNMOUNTED = 0x0100;
const INCONSISTENT = 0x0800;
const JOURNALED = 0x2000;

const JOURNAL_IN_FILESYSTEM = 0x1;
const JOURNAL_NEEDS_INIT = 0x4;
const JOURNAL_MAGIC = 0x4a4e4c78;
const CHUNK_BYTES = 1024 * 1024;

type Extent = { readonly block: number; readonly count: number };

type Header = {
  readonly attributes: number;
  readonly journalInfoBlock: number;
  readonly blockBytes: Bytes;
  readonly blocks: number;
  readonly freeBlocks: number;
  /** Where the bitmap lies: as much of it as the header names. */
  readonly allocation: readonly Extent[];
};

export const HFSPLUS = {
  program: { name: 'partclone.hfsplus', options: [] },
  inspect,
} satisfies Filesystem;

async function inspect(volume: Pick<Volume, 'reader' | 'sizeBytes'>): Promise<Inspection> {
  return everySectorOnFault(async () => {
    const { reader, sizeBytes } = volume;
    const place = await findVolume(reader, sizeBytes);
    const header = parseHeader(
      await readBytes(reader, place.offsetBytes + HEADER_OFFSET, HEADER_BYTES),
    );
    const { blockBytes, blocks, attributes } = header;
    if (place.offsetBytes + blocks * blockBytes > sizeBytes) return largerThanPartition();
    if (await hasJournalled(reader, place.offsetBytes, header)) {
      return {
        type: 'refused',
        state: 'the HFS+ was not unmounted cleanly, and part of its data is in its journal only',
        remedy:
          'Mount and unmount it once on a Mac so that its journal is replayed, then capture again.',
      };
    }
    if ((attributes & UNMOUNTED) === 0 || (attributes & INCONSISTENT) !== 0) {
      return {
        type: 'every-sector',
        reason: message('copy.unclean-map'),
      };
    }
    return {
      type: 'used-blocks',
      used: await mapOf(reader, header, place, sizeBytes),
      endBytes: place.offsetBytes + blocks * blockBytes,
      warnings: [],
    };
  });
}

type VolumeRange = { readonly offsetBytes: Bytes; readonly sizeBytes: Bytes };

/** The whole partition, or the part of it in which an HFS keeps the volume. */
async function findVolume(reader: SectorReader, sizeBytes: Bytes): Promise<VolumeRange> {
  const block = await readBytes(reader, HEADER_OFFSET, HEADER_BYTES);
  if (block.readUInt16BE(0) !== SIGNATURE_HFS) return { offsetBytes: 0, sizeBytes };
  mustHold(block.readUInt16BE(0x7c) === SIGNATURE_PLUS, 'structure.hfs-alone');
  const wrapperBlockBytes = block.readUInt32BE(0x14);
  const place = {
    offsetBytes:
      block.readUInt16BE(0x1c) * SECTOR_BYTES + block.readUInt16BE(0x7e) * wrapperBlockBytes,
    sizeBytes: block.readUInt16BE(0x80) * wrapperBlockBytes,
  };
  mustHold(
    place.offsetBytes % SECTOR_BYTES === 0 && place.offsetBytes + place.sizeBytes <= sizeBytes,
    'structure.hfs-unusual',
  );
  return place;
}

/** Throws StructureFault. */
function parseHeader(bytes: Buffer): Header {
  mustHold([SIGNATURE_PLUS, SIGNATURE_X].includes(bytes.readUInt16BE(0)), UNUSUAL);
  const blockBytes = bytes.readUInt32BE(40);
  mustHold(blockBytes >= SECTOR_BYTES && (blockBytes & (blockBytes - 1)) === 0, UNUSUAL);
  return {
    attributes: bytes.readUInt32BE(4),
    journalInfoBlock: bytes.readUInt32BE(12),
    blockBytes,
    blocks: bytes.readUInt32BE(44),
    freeBlocks: bytes.readUInt32BE(48),
    allocation: Array.from({ length: 8 }, (_, index) => ({
      block: bytes.readUInt32BE(128 + index * 8),
      count: bytes.readUInt32BE(132 + index * 8),
    })),
  };
}

const UNUSUAL = 'structure.header-unusual';

/** Whether there are transactions in the journal that are not yet in the file system itself. */
async function hasJournalled(
  reader: SectorReader,
  offsetBytes: Bytes,
  { attributes, journalInfoBlock, blockBytes }: Header,
): Promise<boolean> {
  if ((attributes & JOURNALED) === 0) return false;
  const info = await readBytes(reader, offsetBytes + journalInfoBlock * blockBytes, 52);
  const flags = info.readUInt32BE(0);
  if ((flags & JOURNAL_NEEDS_INIT) !== 0) return false;
  mustHold((flags & JOURNAL_IN_FILESYSTEM) !== 0, 'structure.journal-elsewhere');
  const journal = await readBytes(reader, offsetBytes + safeNumber(info.readBigUInt64BE(36)), 24);
  // In the byte order of the machine that wrote it.
  if (journal.readUInt32LE(0) === JOURNAL_MAGIC) {
    return journal.readBigUInt64LE(8) !== journal.readBigUInt64LE(16);
  }
  mustHold(journal.readUInt32BE(0) === JOURNAL_MAGIC, 'structure.journal-damaged');
  return journal.readBigUInt64BE(8) !== journal.readBigUInt64BE(16);
}

async function mapOf(
  reader: SectorReader,
  header: Header,
  place: VolumeRange,
  sizeBytes: Bytes,
): Promise<BlockMap> {
  const isWhole = place.offsetBytes === 0 && sizeBytes % header.blockBytes === 0;
  // What lies around the allocation blocks is of no multiple of their size.
  const unitBytes = isWhole ? header.blockBytes : SECTOR_BYTES;
  const used = mapOfBytes(
    { fineBytes: unitBytes, coarseBytes: header.blockBytes },
    sizeBytes,
    sizeBytes,
  );
  const mark = (startBytes: Bytes, endBytes: Bytes): void =>
    markBytesUsed(used, startBytes, endBytes);
  const blocksEnd = place.offsetBytes + header.blocks * header.blockBytes;
  const placeEnd = place.offsetBytes + place.sizeBytes;
  mark(0, place.offsetBytes);
  mark(placeEnd, sizeBytes);
  mark(place.offsetBytes, place.offsetBytes + HEADER_OFFSET + HEADER_BYTES);
  // The copy of the header: 1024 bytes before the end of the volume, which need not be the end of its last block.
  mark(blocksEnd - 1024, blocksEnd);
  mark(Math.max(blocksEnd, placeEnd - 1024), placeEnd);
  const usedBlocks = await readAllocation(reader, header, place.offsetBytes, (first, count) => {
    const start = place.offsetBytes + first * header.blockBytes;
    mark(start, start + count * header.blockBytes);
  });
  mustHold(usedBlocks === header.blocks - header.freeBlocks, 'structure.bitmap-disagrees');
  return used;
}

/** Calls `onUsed` for each run of used blocks; returns how many there are. The first block of a byte is its highest bit. */
async function readAllocation(
  reader: SectorReader,
  { blockBytes, blocks, allocation }: Header,
  offsetBytes: Bytes,
  onUsed: (firstBlock: number, count: number) => void,
): Promise<number> {
  let block = 0;
  let usedBlocks = 0;
  let runStart: number | null = null;
  const endRun = (): void => {
    if (runStart === null) return;
    onUsed(runStart, block - runStart);
    usedBlocks += block - runStart;
    runStart = null;
  };
  for (const extent of allocation) {
    const start = offsetBytes + extent.block * blockBytes;
    const extentBytes = extent.count * blockBytes;
    for (let done = 0; done < extentBytes && block < blocks; done += CHUNK_BYTES) {
      const size = Math.min(CHUNK_BYTES, extentBytes - done);
      for (const byte of await readBytes(reader, start + done, size)) {
        for (let bit = 0x80; bit !== 0 && block < blocks; bit >>= 1, block += 1) {
          if ((byte & bit) === 0) endRun();
          else runStart ??= block;
        }
      }
    }
  }
  mustHold(block === blocks, 'structure.bitmap-in-pieces');
  endRun();
  return usedBlocks;
}
