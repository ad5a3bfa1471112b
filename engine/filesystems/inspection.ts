/**
 * What a file system says of itself: read from its own structures on a write-protected device, by us or by its own
 * tools, never by partclone. It decides how the volume is captured.
 */

import type { Message, SimpleMessage } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes } from '../../lib/units.ts';
import type { BlockMap } from './block-map.ts';
import { StructureFault } from './structure.ts';

export type Inspection =
  /** Clean, and its used blocks are known: an image needs these and may leave out all others. */
  | {
      readonly type: 'used-blocks';
      readonly used: BlockMap;
      /** Where it ends: nothing behind that belongs to any of its blocks. */
      readonly endBytes: Bytes;
      /** What lies behind the end, as it should, and is written by a deploy itself. */
      readonly writtenBack?: { readonly startBytes: Bytes; readonly endBytes: Bytes };
      readonly warnings: readonly Message[];
    }
  /** Nothing would be lost, but used blocks cannot serve: copied sector by sector, which is said unless `reason` is null. */
  | { readonly type: 'every-sector'; readonly reason: SimpleMessage | null }
  /** Part of the data is not where it belongs (a journal, a log, a sleeping system): `state` in a line, and the remedy. */
  | { readonly type: 'refused'; readonly state: string; readonly remedy: string };

/** What cannot be understood is copied sector by sector: nothing is lost by that. */
export async function everySectorOnFault(inspect: () => Promise<Inspection>): Promise<Inspection> {
  try {
    return await inspect();
  } catch (error) {
    if (error instanceof StructureFault) return { type: 'every-sector', reason: error.fault };
    throw error;
  }
}

/** The reason for a volume that says it is larger than what it lies in: its end is missing, or the partition was shrunk. */
export function largerThanPartition(): Inspection {
  return { type: 'every-sector', reason: message('copy.larger-than-partition') };
}
