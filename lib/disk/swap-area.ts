/**
 * The header of a Linux swap area: its first page. All that is kept of a swap area, byte for byte, so that UUID, label (in
 * whatever encoding), size, page size, byte order, bad pages and boot code come back as they were.
 * Layout: union swap_header in linux/swap.h; the signature is the last ten bytes of a page, whose size the machine chose.
 */

import { SwapHeader } from '../model/image.ts';
import type { SimpleMessage } from '../model/message.ts';
import { message } from '../model/messages/table.ts';
import { SWAP_SIGNATURE_BYTES } from '../filesystems/swap-page.ts';
import type { Bytes } from '../units.ts';
import type { SectorReader } from './sector-reader.ts';

export type SwapReading =
  | { readonly type: 'header'; readonly header: SwapHeader }
  /** There is no signature. */
  | { readonly type: 'none' }
  /** A system was written to it before the machine went off: by Linux, uswsusp, or another that libblkid knows. */
  | { readonly type: 'asleep' }
  /** In `reason` why it is no header that could be kept alone, to go on after "copied sector by sector: ". */
  | { readonly type: 'unknown'; readonly reason: SimpleMessage };

/** At the place of the signature, with which they are exchanged while a system sleeps (libblkid, swap.c). */
const ASLEEP = ['S1SUSPEND', 'S2SUSPEND', 'ULSUSPEND', 'LINHIB0001'];

/** As Linux can have been built for; ascending. */
const PAGES = SwapHeader.shape.pageSizeBytes.options.map(({ value }) => value);
/** Where the version is, behind 1024 bytes for a boot loader: 1 in either byte order, which Linux reads both. */
const VERSION_OFFSET = 1024;

/**
 * Reads the header of the swap area that begins with `reader`'s first sector. Of several signatures the one of the largest page
 * counts, which holds the others, unless it is too full: then what is behind the first page is no header. Throws
 * disk-read-failed.
 */
export async function readSwapHeader(reader: SectorReader): Promise<SwapReading> {
  const sectors = Math.min(reader.diskSectors, Math.max(...PAGES) / reader.sectorSizeBytes);
  const area = await reader.read(0, sectors);
  const signatureAt = (pageSizeBytes: number): string =>
    area.toString('latin1', pageSizeBytes - SWAP_SIGNATURE_BYTES, pageSizeBytes);
  const isAsleep = (page: number): boolean =>
    ASLEEP.some((name) => signatureAt(page).startsWith(name));
  const isAwake = (page: number): boolean =>
    SwapHeader.shape.signature.safeParse(signatureAt(page)).success;
  // Behind the first page with a signature there may be anything that was swapped out.
  const smallest = PAGES.find((page) => isAsleep(page) || isAwake(page));
  if (smallest !== undefined && isAsleep(smallest)) return { type: 'asleep' };
  let reason: SimpleMessage | null = null;
  for (const pageSizeBytes of PAGES.toReversed()) {
    const signature = SwapHeader.shape.signature.safeParse(signatureAt(pageSizeBytes));
    if (!signature.success || pageSizeBytes > area.length) continue;
    if (signature.data === 'SWAPSPACE2' && !isKnownVersion(area)) {
      const version = area.readUInt32LE(VERSION_OFFSET);
      return { type: 'unknown', reason: message('copy.swap-version', { version }) };
    }
    const page = area.subarray(0, pageSizeBytes - SWAP_SIGNATURE_BYTES);
    const dataBase64 = withoutTrailingZeros(page).toString('base64');
    const header = SwapHeader.safeParse({ pageSizeBytes, signature: signature.data, dataBase64 });
    if (header.success) return { type: 'header', header: header.data };
    reason = message('copy.swap-too-full');
  }
  return reason === null ? { type: 'none' } : { type: 'unknown', reason };
}

/** Where the area ends, by the number of its last page; null when the header does not say. */
export function swapAreaBytes({ signature, pageSizeBytes, dataBase64 }: SwapHeader): Bytes | null {
  if (signature !== 'SWAPSPACE2') return null;
  const data = Buffer.alloc(VERSION_OFFSET + 8);
  Buffer.from(dataBase64, 'base64').copy(data);
  const isLittle = data.readUInt32LE(VERSION_OFFSET) === 1;
  const at = VERSION_OFFSET + 4;
  const lastPage = isLittle ? data.readUInt32LE(at) : data.readUInt32BE(at);
  return (lastPage + 1) * pageSizeBytes;
}

function isKnownVersion(area: Buffer): boolean {
  return area.readUInt32LE(VERSION_OFFSET) === 1 || area.readUInt32BE(VERSION_OFFSET) === 1;
}

function withoutTrailingZeros(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}
