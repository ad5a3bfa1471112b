/** Which blocks of a volume are in use, a bit each. */

import type { Bytes } from '../../lib/units.ts';
import { mustHold } from './structure.ts';

export type BlockMap = {
  /** Bytes of one block. */
  readonly blockBytes: Bytes;
  /** Blocks of the volume; block 0 begins at the volume's first byte. */
  readonly blockCount: number;
  /** Block n is bit n % 8 (least significant first) of byte n / 8. */
  readonly bits: Uint8Array;
};

/** Of 32 TiB in blocks of 4 KiB. */
const MAX_MAP_BYTES = 1024 ** 3;

/** A map in which no block is in use. Throws StructureFault for one that would take more than 1 GiB. */
export function emptyBlockMap(blockBytes: Bytes, blockCount: number): BlockMap {
  mustHold(blockCount <= MAX_MAP_BYTES * 8, 'structure.too-many-blocks');
  return { blockBytes, blockCount, bits: new Uint8Array(Math.ceil(blockCount / 8)) };
}

/** A map in which every block is in use. */
export function fullBlockMap(blockBytes: Bytes, blockCount: number): BlockMap {
  const map = emptyBlockMap(blockBytes, blockCount);
  markUsed(map, 0, blockCount);
  return map;
}

/** Notes that `count` blocks from `first` are in use. Throws RangeError outside the volume. */
export function markUsed(map: BlockMap, first: number, count: number): void {
  mark(map, first, count, true);
}

/** Notes that `count` blocks from `first` are not in use. Throws RangeError outside the volume. */
export function markFree(map: BlockMap, first: number, count: number): void {
  mark(map, first, count, false);
}

function mark({ bits, blockCount }: BlockMap, first: number, count: number, used: boolean): void {
  const end = first + count;
  if (!(first >= 0 && count >= 0 && end <= blockCount)) {
    throw new RangeError(`blocks ${first} to ${end} are outside the ${blockCount} of the volume`);
  }
  for (let block = first; block < end;) {
    if (block % 8 === 0 && end - block >= 8) {
      const wholeBytes = Math.floor((end - block) / 8);
      bits.fill(used ? 0xff : 0, block / 8, block / 8 + wholeBytes);
      block += wholeBytes * 8;
    } else {
      const index = Math.floor(block / 8);
      const bit = 1 << (block % 8);
      bits[index] = used ? (bits[index] ?? 0) | bit : (bits[index] ?? 0) & ~bit;
      block += 1;
    }
  }
}

export function isUsed({ bits }: BlockMap, block: number): boolean {
  return ((bits[Math.floor(block / 8)] ?? 0) & (1 << (block % 8))) !== 0;
}

/** Notes that the bytes from `startBytes` up to, not including, `endBytes` are in use: every block that has one of them. */
export function markBytesUsed(map: BlockMap, startBytes: Bytes, endBytes: Bytes): void {
  const first = Math.floor(startBytes / map.blockBytes);
  markUsed(map, first, Math.ceil(endBytes / map.blockBytes) - first);
}

/**
 * The same map up to the end of a partition of `sizeBytes` (as far as whole blocks go), in blocks of `blockBytes`, which
 * are times two what the map's own are, or a fraction. Throws StructureFault for one that would take too much.
 */
export function extendedBlockMap(map: BlockMap, blockBytes: Bytes, sizeBytes: Bytes): BlockMap {
  const blockCount = Math.max(
    Math.floor(sizeBytes / blockBytes),
    Math.ceil((map.blockCount * map.blockBytes) / blockBytes),
  );
  const extended = emptyBlockMap(blockBytes, blockCount);
  if (map.blockBytes === blockBytes) {
    extended.bits.set(map.bits);
    return extended;
  }
  for (const { first, count } of usedRuns(map)) {
    markBytesUsed(extended, first * map.blockBytes, (first + count) * map.blockBytes);
  }
  return extended;
}

/** Runs of used blocks, in order. */
export function* usedRuns({
  bits,
  blockCount,
}: BlockMap): Generator<{ readonly first: number; readonly count: number }> {
  let start: number | null = null;
  for (let block = 0; block < blockCount;) {
    const byte = bits[Math.floor(block / 8)] ?? 0;
    const isWhole = block % 8 === 0 && block + 8 <= blockCount;
    // Eight at once where they are alike.
    if (isWhole && ((byte === 0xff && start !== null) || (byte === 0 && start === null))) {
      block += 8;
      continue;
    }
    const isUsedBlock = (byte & (1 << (block % 8))) !== 0;
    if (isUsedBlock) {
      start ??= block;
    } else if (start !== null) {
      yield { first: start, count: block - start };
      start = null;
    }
    block += 1;
  }
  if (start !== null) yield { first: start, count: blockCount - start };
}

/** A map that need not be finer takes no more: a host may have little memory. */
const MAX_FINE_MAP_BYTES = 32 * 1024 * 1024;

/**
 * An empty map for the `volumeBytes` of a file system in a partition of `sizeBytes`. Its blocks are of `fineBytes`; when
 * the map would take more than 32 MiB, of as many times two as divide the partition, up to `coarseBytes`. Mark in it by bytes.
 */
export function mapOfBytes(
  blocks: { readonly fineBytes: Bytes; readonly coarseBytes: Bytes },
  volumeBytes: Bytes,
  sizeBytes: Bytes,
): BlockMap {
  let blockBytes = blocks.fineBytes;
  while (
    sizeBytes / blockBytes > MAX_FINE_MAP_BYTES * 8 &&
    blockBytes * 2 <= blocks.coarseBytes &&
    sizeBytes % (blockBytes * 2) === 0
  ) {
    blockBytes *= 2;
  }
  const lengthBytes = blockBytes === blocks.fineBytes ? volumeBytes : sizeBytes;
  return emptyBlockMap(blockBytes, Math.floor(lengthBytes / blockBytes));
}

/** The largest block, a power of two, of which both lengths are multiples: the smaller the map. */
export function largestBlock(lengthA: number, lengthB: number): number {
  let block = 1;
  while (lengthA % (block * 2) === 0 && lengthB % (block * 2) === 0 && block < lengthB) block *= 2;
  return block;
}
