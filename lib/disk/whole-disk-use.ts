/**
 * What can lie on a disk outside of all partitions, by the names of libblkid (`blkid -k`), and what a capture does about it. An
 * image has partitions, gaps and table; whatever else says what the disk is must be kept or must stop the capture.
 */

import { OperatorError } from '../errors.ts';
import type { PartitionTable } from '../model/partition-table.ts';
import { sectorsToBytes, type Bytes } from '../units.ts';
import type { Signature } from './signature.ts';

/**
 * "member": the disk, or what can be read as its partitions, is a part of something larger. The image would be of pieces, and its
 * clones would join a set that is not theirs. "content": it takes the whole disk, or is left over from when it did.
 */
type Kind = { readonly as: 'member' | 'content'; readonly name: string };

const FIRMWARE_RAID = (maker: string): Kind => ({
  as: 'member',
  name: `a firmware RAID (${maker})`,
});
const member = (name: string): Kind => ({ as: 'member', name });
const content = (name: string): Kind => ({ as: 'content', name });

/** By libblkid's type. Every other type is content: a file system, which has a name that people know. */
export const KINDS: Readonly<Record<string, Kind>> = {
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

/** Signatures that are not inside a partition of `table`, and not the table's own. */
export function outsidePartitions(
  signatures: readonly Signature[],
  table: PartitionTable | null,
): Signature[] {
  const bytes = (sectors: number): Bytes => sectorsToBytes(sectors, table?.sectorSizeBytes ?? 512);
  return signatures.filter(
    ({ offsetBytes, usage }) =>
      usage !== 'partition-table' &&
      table?.partitions.some(
        ({ startSector, sectorCount }) =>
          offsetBytes >= bytes(startSector) && offsetBytes < bytes(startSector + sectorCount),
      ) !== true,
  );
}

/** Throws `partition-table-bad` for a disk that is a member of something, named with the remedy. */
export function refuseMember(disk: string, outside: readonly Signature[]): void {
  const found = outside.find(({ type, usage }) => kindOf(type, usage).as === 'member');
  if (found === undefined) return;
  const { type, usage, offsetBytes } = found;
  throw new OperatorError({
    code: 'partition-table-bad',
    message: `planning the capture of ${disk}: the disk is a member of ${kindOf(type, usage).name} (${type} at byte ${offsetBytes}), and a clone of one member would be no copy of it`,
    hint: `OpenClone captures disks that stand alone. If the disk is no member any more and this is left over, remove it with \`wipefs --all --types ${type} ${disk}\` on that host (other signatures stay), then capture again. If it is one, take it out of the set first (firmware setup, mdadm, vgreduce), or choose another disk.`,
  });
}

/** What takes a disk that has no partition table: "a LUKS encrypted volume"; null when libblkid knows nothing. */
export function wholeDiskContent(outside: readonly Signature[]): string | null {
  const [found] = outside;
  return found === undefined ? null : kindOf(found.type, found.usage).name;
}

/** Warnings for what begins outside the partitions beside them, and is in the image only as far as gaps are. */
export function besidePartitions(outside: readonly Signature[]): string[] {
  return outside
    .filter(({ type, usage }) => kindOf(type, usage).as === 'content')
    .map(
      ({ type, usage, offsetBytes }) =>
        `Outside the partitions there is the signature of ${kindOf(type, usage).name} (byte ${offsetBytes}): what it belongs to is not in the image`,
    );
}

function kindOf(type: string, usage: string): Kind {
  const known = KINDS[type];
  if (known !== undefined) return known;
  return usage === 'raid' ? member(`a set of type ${type}`) : content(`one ${type} file system`);
}
