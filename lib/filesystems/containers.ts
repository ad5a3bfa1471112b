/** What is on a device that is no file system: members of something larger and containers of something else, by libblkid's names (`blkid -k`). */

/**
 * "member": the disk, or what can be read as its partitions, is a part of something larger. The image would be of pieces, and its
 * clones would join a set that is not theirs. "content": it takes the whole disk, or is left over from when it did.
 */
export type Container = { readonly as: 'member' | 'content'; readonly name: string };

const FIRMWARE_RAID = (maker: string): Container => ({
  as: 'member',
  name: `a firmware RAID (${maker})`,
});
const member = (name: string): Container => ({ as: 'member', name });
const content = (name: string): Container => ({ as: 'content', name });

/** By libblkid's type. Every other type is content: a file system, which has a name that people know. */
export const CONTAINERS: Readonly<Record<string, Container>> = {
  // at the end of the disk, hpt37x in sector 9; written by the firmware's setup
  adaptec_raid_member: FIRMWARE_RAID('Adaptec'),
  ddf_raid_member: FIRMWARE_RAID('DDF'),
  hpt37x_raid_member: FIRMWARE_RAID('HighPoint 37x'),
  hpt45x_raid_member: FIRMWARE_RAID('HighPoint 45x'),
  isw_raid_member: FIRMWARE_RAID('Intel Rapid Storage'),
  jmicron_raid_member: FIRMWARE_RAID('JMicron'),
  lsi_mega_raid_member: FIRMWARE_RAID('LSI MegaRAID'),
  nvidia_raid_member: FIRMWARE_RAID('NVIDIA'),
  promise_fasttrack_raid_member: FIRMWARE_RAID('Promise FastTrak'),
  silicon_medley_raid_member: FIRMWARE_RAID('Silicon Image Medley'),
  via_raid_member: FIRMWARE_RAID('VIA'),
  // at the end (mdraid 0.90 and 1.0, DRBD) or at the beginning
  linux_raid_member: member('a Linux software RAID'),
  LVM1_member: member('an LVM volume group'),
  LVM2_member: member('an LVM volume group'),
  DM_snapshot_cow: member('a device-mapper snapshot'),
  bcache: member('a bcache set'),
  ceph_bluestore: member('a Ceph cluster'),
  drbd: member('a DRBD resource'),
  drbdmanage_control_volume: member('a DRBD resource'),
  drbdproxy_datalog: member('a DRBD resource'),
  mpool: member('an mpool'),
  stratis: member('a Stratis pool'),
  vdo: member('a VDO volume'),
  ubi: member('a UBI device'),
  VMFS_volume_member: member('a VMFS datastore'),
  zfs_member: member('a ZFS pool'),
  oracleasm: member('an Oracle ASM disk group'),
  // from the beginning of the disk
  crypto_LUKS: content('a LUKS encrypted volume'),
  BitLocker: content('a BitLocker encrypted volume'),
  DM_verity_hash: content('a dm-verity hash tree'),
  DM_integrity: content('a dm-integrity volume'),
  swap: content('a swap area'),
  swsuspend: content('a swap area with a sleeping system'),
};
