/** Every kind of file system, a file each. */

import { filesystemTraits, type FilesystemKind } from '../../lib/filesystems/kinds.ts';
import { BTRFS } from './btrfs.ts';
import { OTHER, UNNAMED, UNREAD } from './every-sector.ts';
import { EXFAT } from './exfat.ts';
import { EXT } from './ext.ts';
import { F2FS } from './f2fs.ts';
import { FAT } from './fat.ts';
import type { Filesystem } from './filesystem.ts';
import { HFSPLUS } from './hfsplus.ts';
import { MEMBER } from './member.ts';
import { MINIX } from './minix.ts';
import { NTFS } from './ntfs.ts';
import { SLEEPING_SWAP, SWAP } from './swap.ts';
import { XFS } from './xfs.ts';

export const FILESYSTEMS: Readonly<Record<FilesystemKind, Filesystem>> = {
  ext: EXT,
  ntfs: NTFS,
  fat: FAT,
  exfat: EXFAT,
  xfs: XFS,
  btrfs: BTRFS,
  f2fs: F2FS,
  hfsplus: HFSPLUS,
  minix: MINIX,
  swap: SWAP,
  'sleeping-swap': SLEEPING_SWAP,
  member: MEMBER,
  unread: UNREAD,
  unnamed: UNNAMED,
  other: OTHER,
};

/** The file system that blkid calls `type`; null is no name. */
export function filesystemOf(type: string | null): Filesystem {
  return FILESYSTEMS[filesystemTraits(type).kind];
}
