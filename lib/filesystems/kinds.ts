/**
 * The kinds of file systems: by which names libblkid calls each, and what programs beside the engine must know of it. A kind is
 * a row here, a file and a row in engine/filesystems, and a case of its contract suite; the compiler names what is missing.
 */

import { CONTAINERS } from './containers.ts';

type Row = {
  readonly kind: string;
  /** As blkid(8) names it in TYPE. */
  readonly types: readonly string[];
  /** A copy of the first sector lies behind the volume, and partclone, in every version, leaves it out. */
  readonly hasBackupBootSector?: true;
  /** Windows starts from it: a fast start-up would leave it half asleep. */
  readonly isOfWindows?: true;
  /** Firmware reads its boot loaders from it, and GRUB finds it by its serial number. */
  readonly isOfFirmware?: true;
};

const ROWS = [
  { kind: 'ext', types: ['ext2', 'ext3', 'ext4'] },
  { kind: 'ntfs', types: ['ntfs'], hasBackupBootSector: true, isOfWindows: true },
  { kind: 'fat', types: ['vfat'], isOfFirmware: true },
  { kind: 'exfat', types: ['exfat'] },
  { kind: 'xfs', types: ['xfs'] },
  { kind: 'btrfs', types: ['btrfs'] },
  { kind: 'f2fs', types: ['f2fs'] },
  { kind: 'hfsplus', types: ['hfsplus'] },
  { kind: 'minix', types: ['minix'] },
  { kind: 'swap', types: ['swap'] },
  // A swap area with a sleeping system, by Linux itself or by TuxOnIce.
  { kind: 'sleeping-swap', types: ['swsuspend'] },
  // A member of something larger: software RAID, a volume group, a pool.
  {
    kind: 'member',
    types: Object.entries(CONTAINERS).flatMap(([type, { as }]) => (as === 'member' ? [type] : [])),
  },
  // Nothing here knows which blocks of these are used; Debian's partclone reads some of them.
  { kind: 'unread', types: ['apfs', 'reiser4', 'reiserfs', 'jfs', 'nilfs2', 'ufs', 'VMFS'] },
] as const satisfies readonly Row[];

/** "unnamed": blkid names nothing, or signatures of several kinds. "other": its name is none of the table's. */
export type FilesystemKind = (typeof ROWS)[number]['kind'] | 'unnamed' | 'other';
export type FilesystemTraits = Row & { readonly kind: FilesystemKind };

export const FILESYSTEM_KINDS: readonly FilesystemTraits[] = ROWS;

/** The kind of a file system by blkid's name for it; null is no name. */
export function filesystemTraits(type: string | null): FilesystemTraits {
  if (type === null) return UNNAMED;
  return FILESYSTEM_KINDS.find(({ types }) => types.includes(type)) ?? OTHER;
}

const UNNAMED: FilesystemTraits = { kind: 'unnamed', types: [] };
const OTHER: FilesystemTraits = { kind: 'other', types: [] };
