/** A signature on a device: what libblkid finds there. */

import type { Bytes } from '../units.ts';

/** What libblkid recognises, of which blkid(8) tells only the first, and nothing beside a partition table. */
export type Signature = {
  readonly offsetBytes: Bytes;
  /** As blkid names it: isw_raid_member, LVM2_member, ext4, dos, gpt. */
  readonly type: string;
  /** raid, filesystem, crypto, partition-table, other. */
  readonly usage: string;
};
