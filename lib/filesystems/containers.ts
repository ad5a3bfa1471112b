/** What is on a device that is no file system: members of something larger and containers of something else, by libblkid's names (`blkid -k`). */

/**
 * "member": the disk, or what can be read as its partitions, is a part of something larger. The image would be of pieces, and its
 * clones would join a set that is not theirs. "content": it takes the whole disk, or is left over from when it did.
 */
export type ContainerUse = 'member' | 'content';

/** By libblkid's type; lib/messages has their names. Every other type is content: a file system, which has a name that people know. */
export const CONTAINERS = {
  // at the end of the disk, hpt37x in sector 9; written by the firmware's setup
  adaptec_raid_member: 'member',
  ddf_raid_member: 'member',
  hpt37x_raid_member: 'member',
  hpt45x_raid_member: 'member',
  isw_raid_member: 'member',
  jmicron_raid_member: 'member',
  lsi_mega_raid_member: 'member',
  nvidia_raid_member: 'member',
  promise_fasttrack_raid_member: 'member',
  silicon_medley_raid_member: 'member',
  via_raid_member: 'member',
  // at the end (mdraid 0.90 and 1.0, DRBD) or at the beginning
  linux_raid_member: 'member',
  LVM1_member: 'member',
  LVM2_member: 'member',
  DM_snapshot_cow: 'member',
  bcache: 'member',
  ceph_bluestore: 'member',
  drbd: 'member',
  drbdmanage_control_volume: 'member',
  drbdproxy_datalog: 'member',
  mpool: 'member',
  stratis: 'member',
  vdo: 'member',
  ubi: 'member',
  VMFS_volume_member: 'member',
  zfs_member: 'member',
  oracleasm: 'member',
  // from the beginning of the disk
  crypto_LUKS: 'content',
  BitLocker: 'content',
  DM_verity_hash: 'content',
  DM_integrity: 'content',
  swap: 'content',
  swsuspend: 'content',
} as const satisfies Readonly<Record<string, ContainerUse>>;
export type ContainerType = keyof typeof CONTAINERS;

export function isContainerType(type: string): type is ContainerType {
  return Object.hasOwn(CONTAINERS, type);
}
