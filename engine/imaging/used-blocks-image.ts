/**
 * An image of the blocks that a map names, in partclone's format (0002, src/partclone.h) as `partclone -a0` writes it:
 * for file systems of which partclone itself would leave something out. partclone.restore reads it.
 */

import { crc32 } from 'node:zlib';
import { usedRuns, type BlockMap } from '../filesystems/block-map.ts';
import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import { sectorsToBytes, type Bytes } from '../../lib/units.ts';

/** A header and its check sum: numbers are little-endian. */
const HEADER_BYTES = 110;
const MAGIC = 'partclone-image';
/** The version of partclone whose format this is. */
const PARTCLONE_VERSION = '0.3.23';
const IMAGE_VERSION = '0002';
const LITTLE_ENDIAN_MARK = 0xc0de;
const FEATURE_BYTES = 18;
const CHUNK_BYTES = 1024 * 1024;

/** How many blocks are used. */
export function usedBlocksOf({ bits }: BlockMap): number {
  let count = 0;
  for (const byte of bits) if (byte !== 0) count += BITS_SET[byte] ?? 0;
  return count;
}

/** How many bits of each byte are set. */
const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count += 1;
  return count;
});

/**
 * The bytes of the image: header, map, then the used blocks (`usedBlocks` in number), which `reader` must have all. `onRead` is called with the
 * number of bytes of blocks that were read. Throws `disk-read-failed`.
 */
export async function* usedBlocksImage(
  reader: SectorReader,
  { used, usedBlocks }: { readonly used: BlockMap; readonly usedBlocks: number },
  filesystem: string,
  onRead: (readBytes: Bytes) => void,
): AsyncGenerator<Buffer> {
  const deviceBytes = sectorsToBytes(reader.diskSectors, reader.sectorSizeBytes);
  yield imageHeader(used, usedBlocks, filesystem, deviceBytes);
  // In pieces: the map of a large volume has many megabytes, and others want to work in between.
  let mapSum = 0;
  for (let at = 0; at < used.bits.length; at += CHUNK_BYTES) {
    const piece = Buffer.from(used.bits.subarray(at, at + CHUNK_BYTES));
    mapSum = crc32(piece, mapSum);
    yield piece;
  }
  yield sumBytes(mapSum);
  let readBytes = 0;
  for (const pieces of groupsOf(used)) {
    const bytes = await readGroup(reader, pieces);
    yield bytes;
    readBytes += bytes.length;
    onRead(readBytes);
  }
}

type Piece = { readonly offset: Bytes; readonly length: Bytes };

/** Read at once, with what lies between them: many small reads are slow. That may be unreadable, and is not needed. */
async function readGroup(reader: SectorReader, pieces: readonly Piece[]): Promise<Buffer> {
  const { sectorSizeBytes } = reader;
  const readBytes = (from: Bytes, end: Bytes): Promise<Buffer> =>
    reader.read(from / sectorSizeBytes, (end - from) / sectorSizeBytes);
  const [first, ...others] = pieces;
  if (first === undefined) return Buffer.alloc(0);
  const last = others.at(-1) ?? first;
  try {
    const span = await readBytes(first.offset, last.offset + last.length);
    if (others.length === 0) return span;
    return Buffer.concat(
      pieces.map(({ offset, length }) => {
        const from = offset - first.offset;
        return span.subarray(from, from + length);
      }),
    );
  } catch (error) {
    if (others.length === 0) throw error;
  }
  const read: Buffer[] = [];
  for (const { offset, length } of pieces) read.push(await readBytes(offset, offset + length));
  return Buffer.concat(read);
}

/** The used blocks in order, in groups that span no more than a chunk. */
function* groupsOf(used: BlockMap): Generator<Piece[]> {
  let group: Piece[] = [];
  for (const piece of piecesOf(used)) {
    const start = group[0]?.offset ?? piece.offset;
    if (piece.offset + piece.length - start > CHUNK_BYTES) {
      yield group;
      group = [];
    }
    group.push(piece);
  }
  if (group.length > 0) yield group;
}

function imageHeader(
  used: BlockMap,
  usedBlocks: number,
  filesystem: string,
  deviceBytes: Bytes,
): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.write(PARTCLONE_VERSION, 16, 'latin1');
  header.write(IMAGE_VERSION, 30, 'latin1');
  header.writeUInt16LE(LITTLE_ENDIAN_MARK, 34);
  header.write(filesystem.slice(0, 15), 36, 'latin1');
  header.writeBigUInt64LE(BigInt(deviceBytes), 52);
  header.writeBigUInt64LE(BigInt(used.blockCount), 60);
  header.writeBigUInt64LE(BigInt(usedBlocks), 68);
  header.writeBigUInt64LE(BigInt(usedBlocks), 76);
  header.writeUInt32LE(used.blockBytes, 84);
  header.writeUInt32LE(FEATURE_BYTES, 88);
  header.writeUInt16LE(2, 92);
  // Bits of a processor; no check sums, of no size, after no blocks, which would start again each time; a map of bits.
  header.writeUInt16LE(64, 94);
  header.writeUInt8(1, 104);
  header.writeUInt8(1, 105);
  sumBytes(crc32(header.subarray(0, HEADER_BYTES - 4))).copy(header, HEADER_BYTES - 4);
  return header;
}

/** A CRC-32 without the inversion at its end. */
function sumBytes(crc: number): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(~crc >>> 0);
  return sum;
}

function* piecesOf(used: BlockMap): Generator<Piece> {
  for (const { first, count } of usedRuns(used)) {
    const end = (first + count) * used.blockBytes;
    for (let offset = first * used.blockBytes; offset < end; offset += CHUNK_BYTES) {
      yield { offset, length: Math.min(CHUNK_BYTES, end - offset) };
    }
  }
}
