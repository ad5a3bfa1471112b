/**
 * The kinds of file systems: by which names libblkid calls each, and what programs beside the engine must know of it. A kind is
 * a row here, a file and a row in engine/filesystems, and a case of its contract suite; the compiler names what is missing.
 */

import type { ImagePartition } from '../model/image.ts';
import {
  nothingAfterRestore,
  ntfsAfterRestore,
  swapAfterRestore,
  type AfterRestore,
  type RestoredPartition,
} from './after-restore.ts';
import { CONTAINERS } from './containers.ts';

type Traits = {
  /** As blkid(8) names it in TYPE. */
  readonly types: readonly string[];
  /** What no stream brings of it, when its partition is written; null: nothing. */
  readonly afterRestore: (partition: RestoredPartition) => AfterRestore | null;
  /** Windows starts from it: a fast start-up would leave it half asleep. */
  readonly isOfWindows?: true;
  /** Firmware reads its boot loaders from it, and GRUB finds it by its serial number. */
  readonly isOfFirmware?: true;
};

/** In a row that does not say otherwise nothing is left to do after a restore. */
type Row = Omit<Traits, 'afterRestore'> & Partial<Traits> & { readonly kind: string };

const ROWS = [
  { kind: 'ext', types: ['ext2', 'ext3', 'ext4'] },
  { kind: 'ntfs', types: ['ntfs'], isOfWindows: true, afterRestore: ntfsAfterRestore },
  { kind: 'fat', types: ['vfat'], isOfFirmware: true },
  { kind: 'exfat', types: ['exfat'] },
  { kind: 'xfs', types: ['xfs'] },
  { kind: 'btrfs', types: ['btrfs'] },
  { kind: 'f2fs', types: ['f2fs'] },
  { kind: 'hfsplus', types: ['hfsplus'] },
  { kind: 'minix', types: ['minix'] },
  { kind: 'swap', types: ['swap'], afterRestore: swapAfterRestore },
  // A swap area with a sleeping system, by Linux itself or by TuxOnIce.
  { kind: 'sleeping-swap', types: ['swsuspend'] },
  // A member of something larger: software RAID, a volume group, a pool.
  {
    kind: 'member',
    types: Object.entries(CONTAINERS).flatMap(([type, use]) => (use === 'member' ? [type] : [])),
  },
  // Nothing here knows which blocks of these are used; Debian's partclone reads some of them.
  { kind: 'unread', types: ['apfs', 'reiser4', 'reiserfs', 'jfs', 'nilfs2', 'ufs', 'VMFS'] },
] as const satisfies readonly Row[];

/** "unnamed": blkid names nothing, or signatures of several kinds. "other": its name is none of the table's. */
export type FilesystemKind = (typeof ROWS)[number]['kind'] | 'unnamed' | 'other';
export type FilesystemTraits = Traits & { readonly kind: FilesystemKind };

export const FILESYSTEM_KINDS: readonly FilesystemTraits[] = ROWS.map((row) => ({
  afterRestore: nothingAfterRestore,
  ...row,
}));

/** The kind of a file system by blkid's name for it; null is no name. */
export function filesystemTraits(type: string | null): FilesystemTraits {
  if (type === null) return UNNAMED;
  return FILESYSTEM_KINDS.find(({ types }) => types.includes(type)) ?? OTHER;
}

/** The kind of an image's partition. Of swap an image keeps no stream: whatever it was called, it is swap again. */
export function filesystemOfPartition({
  filesystem,
  content,
}: Pick<ImagePartition, 'filesystem' | 'content'>): FilesystemTraits {
  return filesystemTraits(content.type === 'swap' ? content.type : (filesystem?.type ?? null));
}

const NOTHING = { types: [], afterRestore: nothingAfterRestore } as const;
const UNNAMED: FilesystemTraits = { ...NOTHING, kind: 'unnamed' };
const OTHER: FilesystemTraits = { ...NOTHING, kind: 'other' };
