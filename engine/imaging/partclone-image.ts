/**
 * The head of a stream that partclone writes (image format 0002, src/partclone.h): a header of 110 bytes, a bit for
 * each block, a check sum of these bits; the used blocks follow.
 */

import type { BlockMap } from '../filesystems/block-map.ts';
import type { Bytes } from '../../lib/units.ts';

export const HEADER_BYTES = 110;

export type ImageHeader = Pick<BlockMap, 'blockBytes' | 'blockCount'>;

const MAGIC = 'partclone-image\0';
const VERSION = '0002';
const LITTLE_ENDIAN_MARK = 0xc0de;
const BITMAP_OF_BITS = 1;

/** Offsets in the header; numbers are little-endian. */
const AT = {
  version: 30,
  endianness: 34,
  totalBlocks: 60,
  blockBytes: 84,
  bitmapMode: 105,
} as const;

/** Reads a header. Null when it is of another format or version. */
export function parseImageHeader(header: Buffer): ImageHeader | null {
  if (header.length < HEADER_BYTES) return null;
  const isKnown =
    header.toString('latin1', 0, MAGIC.length) === MAGIC &&
    header.toString('latin1', AT.version, AT.version + VERSION.length) === VERSION &&
    header.readUInt16LE(AT.endianness) === LITTLE_ENDIAN_MARK &&
    header.readUInt8(AT.bitmapMode) === BITMAP_OF_BITS;
  if (!isKnown) return null;
  const blockBytes = header.readUInt32LE(AT.blockBytes);
  const blockCount = Number(header.readBigUInt64LE(AT.totalBlocks));
  if (blockBytes === 0 || !Number.isSafeInteger(blockCount * blockBytes)) return null;
  return { blockBytes, blockCount };
}

/** Bytes of the bits behind the header. */
export function bitmapBytes({ blockCount }: ImageHeader): Bytes {
  return Math.ceil(blockCount / 8);
}
