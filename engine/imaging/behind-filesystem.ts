/**
 * What lies in a partition behind the end of its file system: another's metadata (RAID, GEOM), what a person put there, or
 * what was there before the file system was shrunk. Nobody can tell which, so that all that is not zero is copied too.
 */

import { OperatorError } from '../../lib/errors.ts';
import type { Message } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import { KERNEL_SECTOR_BYTES, type Bytes } from '../../lib/units.ts';
import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import { extendedBlockMap, markBytesUsed, type BlockMap } from '../filesystems/block-map.ts';
import type { Inspection } from '../filesystems/inspection.ts';
import { readBytes } from '../filesystems/structure.ts';

/** More than that is not looked at before it is copied: all of it is taken. */
const MAX_LOOKED_AT_BYTES = 16 * 1024 ** 3;
/** Less is copied silently: sectors between a file system that was rounded down and the end of its partition. */
const WORTH_A_WORD_BYTES = 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
const ZEROS = Buffer.alloc(PIECE_BYTES);

type UsedBlocks = Extract<Inspection, { type: 'used-blocks' }>;

/**
 * The map of `examination` with all blocks that are not zero behind the file system, up to the end of the partition, and
 * what is to be said of it. Sectors that cannot be read, and a rest smaller than a block of a map that must not grow, are
 * not in it, which the notes say. Throws what `reader` throws for a stop.
 */
export async function withBehind(
  reader: SectorReader,
  examination: UsedBlocks,
  sizeBytes: Bytes,
): Promise<{ readonly used: BlockMap; readonly notes: readonly Message[] }> {
  const { endBytes } = examination;
  const ranges = rangesBehind(examination, sizeBytes);
  if (ranges.length === 0) return { used: examination.used, notes: [] };
  const blockBytes = await blockBytesFor(reader, examination, sizeBytes);
  const used = extendedBlockMap(examination.used, blockBytes, sizeBytes);
  const mapEndBytes = used.blockCount * blockBytes;
  const found = { copiedBytes: 0, lostBytes: 0, unreadableBytes: 0 };
  const take = (startBytes: Bytes, end: Bytes): void => {
    const inMap = Math.max(startBytes, Math.min(end, mapEndBytes));
    if (inMap > startBytes) markBytesUsed(used, startBytes, inMap);
    found.copiedBytes += inMap - startBytes;
    found.lostBytes += end - inMap;
  };
  if (sizeBytes - endBytes > MAX_LOOKED_AT_BYTES) take(endBytes, sizeBytes);
  else {
    for (const range of ranges) {
      for (let at = range.startBytes; at < range.endBytes; at += PIECE_BYTES) {
        const pieceBytes = Math.min(PIECE_BYTES, range.endBytes - at);
        const piece = await readUnlessBad(reader, at, pieceBytes);
        if (piece === null) found.unreadableBytes += pieceBytes;
        else takeUnlessZero(piece, at, blockBytes, take);
      }
    }
  }
  const isNothing = found.copiedBytes === 0;
  return { used: isNothing ? examination.used : used, notes: notesOf(found, endBytes, sizeBytes) };
}

type Range = { readonly startBytes: Bytes; readonly endBytes: Bytes };

/** Behind the end, but for what a deploy writes by itself. */
function rangesBehind({ endBytes, writtenBack }: UsedBlocks, sizeBytes: Bytes): Range[] {
  const ends =
    writtenBack === undefined
      ? [{ startBytes: endBytes, endBytes: sizeBytes }]
      : [
          { startBytes: endBytes, endBytes: writtenBack.startBytes },
          { startBytes: writtenBack.endBytes, endBytes: sizeBytes },
        ];
  return ends.filter((range) => range.endBytes > range.startBytes);
}

/** A map of a large volume would grow eightfold for a few sectors: hosts may have little memory. */
const MAX_GROWN_MAP_BYTES = 64 * 1024 * 1024;

/**
 * The map's own blocks; larger ones when the partition is so much larger than the file system; smaller ones when they do
 * not divide the partition and in what they leave there is something.
 */
async function blockBytesFor(
  reader: SectorReader,
  examination: UsedBlocks,
  sizeBytes: Bytes,
): Promise<Bytes> {
  let { blockBytes } = examination.used;
  while (sizeBytes / blockBytes / 8 > MAX_GROWN_MAP_BYTES && sizeBytes % (blockBytes * 2) === 0) {
    blockBytes *= 2;
  }
  const wholeBytes = Math.floor(sizeBytes / blockBytes) * blockBytes;
  let finerBytes = blockBytes;
  while (sizeBytes % finerBytes !== 0 && finerBytes > KERNEL_SECTOR_BYTES) finerBytes /= 2;
  if (finerBytes === blockBytes || sizeBytes / finerBytes / 8 > MAX_GROWN_MAP_BYTES) {
    return blockBytes;
  }
  for (const { startBytes, endBytes } of rangesBehind(examination, sizeBytes)) {
    const from = Math.max(startBytes, wholeBytes);
    if (from >= endBytes) continue;
    const rest = await readUnlessBad(reader, from, endBytes - from);
    if (rest !== null && !isZero(rest)) return finerBytes;
  }
  return blockBytes;
}

function takeUnlessZero(
  piece: Buffer,
  offsetBytes: Bytes,
  blockBytes: Bytes,
  take: (startBytes: Bytes, endBytes: Bytes) => void,
): void {
  if (isZero(piece)) return;
  for (let from = 0; from < piece.length;) {
    // Up to the next border of a block.
    const end = Math.min(piece.length, from + blockBytes - ((offsetBytes + from) % blockBytes));
    if (!isZero(piece.subarray(from, end))) take(offsetBytes + from, offsetBytes + end);
    from = end;
  }
}

function isZero(bytes: Buffer): boolean {
  for (let from = 0; from < bytes.length; from += ZEROS.length) {
    const part = bytes.subarray(from, from + ZEROS.length);
    if (!part.equals(ZEROS.subarray(0, part.length))) return false;
  }
  return true;
}

/** Null when a sector of it cannot be read: nothing that is in use lies there. */
async function readUnlessBad(
  reader: SectorReader,
  offsetBytes: Bytes,
  sizeBytes: Bytes,
): Promise<Buffer | null> {
  try {
    return await readBytes(reader, offsetBytes, sizeBytes);
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'disk-read-failed') return null;
    throw error;
  }
}

function notesOf(
  found: { copiedBytes: Bytes; lostBytes: Bytes; unreadableBytes: Bytes },
  endBytes: Bytes,
  partitionBytes: Bytes,
): Message[] {
  const about = (sizeBytes: Bytes): Record<'sizeBytes' | 'endBytes' | 'partitionBytes', Bytes> => ({
    sizeBytes,
    endBytes,
    partitionBytes,
  });
  return [
    found.copiedBytes >= WORTH_A_WORD_BYTES
      ? message('note.behind-copied', about(found.copiedBytes))
      : null,
    found.lostBytes > 0 ? message('note.behind-lost', about(found.lostBytes)) : null,
    found.unreadableBytes > 0
      ? message('note.behind-unreadable', about(found.unreadableBytes))
      : null,
  ].filter((note) => note !== null);
}
