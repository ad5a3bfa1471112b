/** How the content of a partition is captured, as far as that is known before the disk is write-protected. */

import type { SwapHeader } from '../../lib/model/image.ts';
import type { Inspection } from './inspection.ts';

/** Decided without a look at used blocks. */
export type Decided = Exclude<Inspection, { type: 'used-blocks' }>;

export type ContentPlan =
  /** Its file system decides, once nothing writes any more. */
  | { readonly type: 'inspect' }
  | Decided
  /** A swap area: its header is kept in the manifest. */
  | { readonly type: 'swap'; readonly header: SwapHeader }
  /** A swap area that ends before its partition: a stream has its header, and what lies behind it. */
  | { readonly type: 'swap-and-more'; readonly header: SwapHeader };
