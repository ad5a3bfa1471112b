/**
 * Linux swap areas: their header is kept byte for byte, not what was swapped out. One in which a system sleeps must not be
 * captured: what that left open is whole only together with the image of its memory, and it would wake up on every clone.
 */

import { isDeepStrictEqual } from 'node:util';
import { OperatorError } from '../../lib/errors.ts';
import type { SwapHeader } from '../../lib/model/image.ts';
import { KERNEL_SECTOR_BYTES, sectorsToBytes, type Bytes } from '../../lib/units.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import { emptyBlockMap, markUsed } from './block-map.ts';
import type { ContentPlan, Decided } from './content-plan.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import type { Inspection } from './inspection.ts';
import { readSwapHeader, swapAreaBytes, type SwapReading } from '../../lib/disk/swap-area.ts';

const ASLEEP: Decided = {
  type: 'refused',
  state: 'a Linux is hibernated, and part of its data is in the image of its memory only',
  remedy:
    'Start it and shut it down properly (no suspend to disk), then capture again. If it cannot be started any more, `mkswap` on that partition gives up what slept there.',
};

export const SWAP = {
  program: null,
  plan: planSwap,
  inspect,
} satisfies Filesystem;

export const SLEEPING_SWAP = {
  program: null,
  plan: () => Promise.resolve(ASLEEP),
  inspect: () => Promise.resolve(ASLEEP),
} satisfies Filesystem;

/**
 * The plan for a partition that blkid calls swap, or of which it names nothing: it does not know a header that it does not
 * understand, nor one beside signatures of other kinds. That one alone is not enough to keep nothing but a header.
 */
export async function planUnnamed(device: string): Promise<ContentPlan | null> {
  const plan = await planSwap(device);
  return plan === null || plan.type === 'swap' || plan.type === 'swap-and-more' ? null : plan;
}

/** Null when there is no swap area. */
async function planSwap(device: string): Promise<ContentPlan | null> {
  const { reading, sizeBytes } = await readSwap(device);
  switch (reading.type) {
    case 'asleep':
      return ASLEEP;
    case 'unknown':
      return { type: 'every-sector', reason: reading.reason };
    case 'header': {
      const { header } = reading;
      const endBytes = swapAreaBytes(header);
      const hasMore = endBytes !== null && endBytes + header.pageSizeBytes <= sizeBytes;
      return { type: hasMore ? 'swap-and-more' : 'swap', header };
    }
    case 'none':
      return null;
  }
}

/** Its first page is used, and nothing else up to its end. */
async function inspect({ reader }: Pick<Volume, 'reader'>): Promise<Inspection> {
  const reading = await readSwapHeader(reader);
  switch (reading.type) {
    case 'asleep':
      return ASLEEP;
    case 'unknown':
      return { type: 'every-sector', reason: reading.reason };
    case 'none':
      return { type: 'every-sector', reason: null };
    case 'header':
      return usedOfSwap(reading.header);
  }
}

/** What a swap area with that header uses. Throws StructureFault when that is too much to keep count of. */
function usedOfSwap(header: SwapHeader): Extract<Inspection, { type: 'used-blocks' }> {
  const { pageSizeBytes } = header;
  const endBytes = swapAreaBytes(header) ?? pageSizeBytes;
  const used = emptyBlockMap(pageSizeBytes, Math.floor(endBytes / pageSizeBytes));
  markUsed(used, 0, 1);
  return { type: 'used-blocks', used, endBytes, warnings: [] };
}

/** Throws `disk-read-failed` unless the header on `device` is still the one that was planned. */
export async function assertSameHeader(device: string, planned: SwapHeader): Promise<void> {
  const { reading } = await readSwap(device);
  if (reading.type === 'header' && isDeepStrictEqual(reading.header, planned)) return;
  throw new OperatorError({
    code: 'disk-read-failed',
    message: `reading the swap header on ${device}: it changed after the plan was made`,
    hint: 'Something writes to the disk: look what uses it, then capture again.',
  });
}

async function readSwap(device: string): Promise<{ reading: SwapReading; sizeBytes: Bytes }> {
  const reader = await fileReader(device, KERNEL_SECTOR_BYTES);
  try {
    const sizeBytes = sectorsToBytes(reader.diskSectors, KERNEL_SECTOR_BYTES);
    return { reading: await readSwapHeader(reader), sizeBytes };
  } finally {
    await reader.close();
  }
}
