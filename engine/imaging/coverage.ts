/**
 * Whether partclone would copy all that a file system calls used. Asked of the very program that will read it: it writes
 * the map of what it takes for used before it copies anything, and is ended there.
 */

import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { startPipeline } from '../../lib/exec/pipeline.ts';
import { causesOf, OperatorError } from '../../lib/errors.ts';
import type { SimpleMessage } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes } from '../../lib/units.ts';
import { markUsed, type BlockMap } from '../filesystems/block-map.ts';
import { captureStage, makeLogFile, type PartcloneProgram } from '../tools/partclone.ts';
import {
  bitmapBytes,
  HEADER_BYTES,
  parseImageHeader,
  type ImageHeader,
} from './partclone-image.ts';

/** A program that reads the map of a volume for longer may never come back. */
const LIMIT_MS = 30 * 60_000;

export type Coverage =
  /** The program's image has every used block. */
  | { readonly type: 'complete' }
  /** It would leave out `missingBlocks` blocks; `used` now names what the program copies as well. */
  | { readonly type: 'partial'; readonly missingBlocks: number }
  /** It did not answer in time, for whatever reason: `used` is all that is known. */
  | { readonly type: 'unheard'; readonly reason: SimpleMessage }
  /** The program cannot be asked: why, for the warning. */
  | { readonly type: 'unknown'; readonly reason: SimpleMessage };

/**
 * Whether an image of the volume that `program` makes would be complete. Where it would not, its map is added to
 * `used`, which then names what either of both calls used.
 */
export async function compareWithProgram(
  volume: { readonly device: string; readonly sizeBytes: Bytes },
  program: PartcloneProgram,
  used: BlockMap,
  options: {
    readonly workDirectory: string;
    readonly signal: AbortSignal;
    /** How long the program may take; 30 minutes when absent. */
    readonly programLimitMs?: number | undefined;
  },
): Promise<Coverage> {
  const logFile = makeLogFile(options.workDirectory);
  const stage = captureStage(program, volume.device, logFile, () => undefined);
  const pipeline = startPipeline([stage], { input: 'none', output: 'stream' });
  const kill = (): void => pipeline.kill('SIGKILL');
  options.signal.addEventListener('abort', kill, { once: true });
  if (options.signal.aborted) kill();
  const limitMs = options.programLimitMs ?? LIMIT_MS;
  const time = { isOver: false };
  const timer = setTimeout(() => {
    time.isOver = true;
    kill();
  }, limitMs);
  try {
    const found = await readMap(program.name, pipeline.output, volume.sizeBytes, used);
    if (found !== null) return found;
    if (time.isOver) {
      const reason = message('copy.program-silent', {
        program: program.name,
        elapsedMs: limitMs,
      });
      return { type: 'unheard', reason };
    }
    const reason = await pipeline.finished.then(
      () => message('copy.program-wrote-nothing', { program: program.name }),
      (error: unknown) => refusalOf(program.name, error),
    );
    return { type: 'unknown', reason };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', kill);
    pipeline.output?.destroy();
    kill();
    await pipeline.finished.catch(() => undefined);
    await rm(logFile, { force: true });
    options.signal.throwIfAborted();
  }
}

/** Reads header and map; the map is compared piece by piece, so that it is never whole in memory. Null when it ends early. */
async function readMap(
  program: string,
  output: Readable | null,
  sizeBytes: Bytes,
  used: BlockMap,
): Promise<Coverage | null> {
  if (output === null) throw new TypeError('the pipeline has no output');
  let rest: Buffer = Buffer.alloc(0);
  let comparison: Comparison | null = null;
  for await (const chunk of output) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('the output is not of bytes');
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (comparison === null) {
      if (rest.length < HEADER_BYTES) continue;
      const header = parseImageHeader(rest.subarray(0, HEADER_BYTES));
      if (header === null) {
        return { type: 'unknown', reason: message('copy.program-unknown-format', { program }) };
      }
      if (header.blockBytes * header.blockCount > sizeBytes) {
        return { type: 'unknown', reason: message('copy.program-calls-larger', { program }) };
      }
      comparison = startComparison(header, used);
      rest = rest.subarray(HEADER_BYTES);
    }
    if (comparison.add(rest)) {
      const missingBlocks = comparison.missing();
      return missingBlocks === 0 ? { type: 'complete' } : { type: 'partial', missingBlocks };
    }
    rest = Buffer.alloc(0);
  }
  return null;
}

type Comparison = {
  /** Takes the next bytes of the program's map; true when it is complete. */
  readonly add: (bytes: Buffer) => boolean;
  /** Used blocks that the program leaves out. */
  readonly missing: () => number;
};

function startComparison(header: ImageHeader, used: BlockMap): Comparison {
  const totalBytes = bitmapBytes(header);
  let seenBytes = 0;
  let missing = 0;
  return {
    add: (bytes) => {
      const part = bytes.subarray(0, totalBytes - seenBytes);
      missing += countMissing(used, header, part, seenBytes * 8);
      addCopied(used, header, part, seenBytes * 8);
      seenBytes += part.length;
      if (seenBytes < totalBytes) return false;
      missing += countUsedFrom(used, header.blockCount * header.blockBytes);
      return true;
    },
    missing: () => missing,
  };
}

/**
 * How many used blocks are not wholly in what `bits` say is copied, `bits` being the program's map from its block
 * `firstBlock` (a multiple of eight) on. A block at the border of two pieces may count twice.
 */
function countMissing(
  used: BlockMap,
  header: ImageHeader,
  bits: Buffer,
  firstBlock: number,
): number {
  let missing = 0;
  if (used.blockBytes === header.blockBytes) {
    const offset = firstBlock / 8;
    const end = Math.min(bits.length, used.bits.length - offset);
    for (let index = 0; index < end; index += 1) {
      let lost = (used.bits[offset + index] ?? 0) & ~(bits[index] ?? 0);
      // Bits behind its last block mean nothing: what we have there is counted from the end on.
      if (lost !== 0 && (offset + index + 1) * 8 > header.blockCount) {
        lost &= (1 << (header.blockCount % 8)) - 1;
      }
      for (; lost !== 0; lost &= lost - 1) missing += 1;
    }
    return missing;
  }
  const end = Math.min(firstBlock + bits.length * 8, header.blockCount);
  for (let block = firstBlock; block < end;) {
    if (isCopied(bits, block - firstBlock)) {
      block += 1;
      continue;
    }
    const start = block;
    while (block < end && !isCopied(bits, block - firstBlock)) block += 1;
    const from = Math.floor((start * header.blockBytes) / used.blockBytes);
    const to = Math.ceil((block * header.blockBytes) / used.blockBytes);
    missing += countUsed(used, from, to);
  }
  return missing;
}

/** Notes as used what `bits` say is copied, as far as the volume goes. */
function addCopied(used: BlockMap, header: ImageHeader, bits: Buffer, firstBlock: number): void {
  const end = Math.min(firstBlock + bits.length * 8, header.blockCount);
  for (let block = firstBlock; block < end;) {
    if ((block - firstBlock) % 8 === 0 && bits[(block - firstBlock) / 8] === 0) {
      block += 8;
      continue;
    }
    const start = block;
    while (block < end && isCopied(bits, block - firstBlock)) block += 1;
    if (block > start) {
      const from = Math.floor((start * header.blockBytes) / used.blockBytes);
      const to = Math.ceil((block * header.blockBytes) / used.blockBytes);
      const last = Math.min(to, used.blockCount);
      if (last > from) markUsed(used, from, last - from);
    } else {
      block += 1;
    }
  }
}

function isCopied(bits: Buffer, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

function countUsedFrom(used: BlockMap, endBytes: Bytes): number {
  return countUsed(used, Math.floor(endBytes / used.blockBytes), used.blockCount);
}

/** Used blocks among those from `from` up to, not including, `to`. */
function countUsed({ bits, blockCount }: BlockMap, from: number, to: number): number {
  const end = Math.min(to, blockCount);
  let count = 0;
  for (let block = from; block < end;) {
    const byte = bits[Math.floor(block / 8)] ?? 0;
    if (byte === 0) {
      block += 8 - (block % 8);
    } else {
      if ((byte & (1 << (block % 8))) !== 0) count += 1;
      block += 1;
    }
  }
  return count;
}

/** What the program said, in a line: its own words, not what surrounds them. */
function refusalOf(program: string, error: unknown): SimpleMessage {
  if (!(error instanceof OperatorError) || error.code !== 'tool-failed') throw error;
  const said = causesOf(error).join('\n');
  const reason = /\b\w+\.c: (?<reason>[^|\n]{1,120}?)\s*(?:Partclone fail|[|\n]|$)/
    .exec(said)
    ?.groups?.['reason']?.trim();
  return reason === undefined
    ? message('copy.unreadable', { program })
    : message('copy.unreadable-says', { program, said: reason.replace(/[\s.:]+$/, '') });
}
