/** The first page of a Linux swap area, as an image keeps it (linux/swap.h, union swap_header). */

import type { SwapHeader } from '../model/image.ts';

/** The signature is the last ten bytes of the page. */
export const SWAP_SIGNATURE_BYTES = 10;

/** The page that `header` is kept of. */
export function swapPage({ pageSizeBytes, signature, dataBase64 }: SwapHeader): Buffer {
  const page = Buffer.alloc(pageSizeBytes);
  Buffer.from(dataBase64, 'base64').copy(page, 0, 0, pageSizeBytes - SWAP_SIGNATURE_BYTES);
  page.write(signature, pageSizeBytes - SWAP_SIGNATURE_BYTES, 'latin1');
  return page;
}
