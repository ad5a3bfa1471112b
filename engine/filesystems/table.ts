/** Every kind of file system that is imaged by its used blocks; all others are copied sector by sector. */

import { examineBtrfs } from './btrfs.ts';
import { examineExfat } from './exfat.ts';
import { examineExt } from './ext.ts';
import { examineF2fs } from './f2fs.ts';
import { examineFat } from './fat.ts';
import type { FilesystemKind } from './filesystem.ts';
import { examineHfsplus } from './hfsplus.ts';
import { MEMBER_KINDS } from './member.ts';
import { examineMinix } from './minix.ts';
import { examineNtfs } from './ntfs.ts';
import { examineXfs } from './xfs.ts';

const KINDS: readonly FilesystemKind[] = [
  {
    types: ['ext2', 'ext3', 'ext4'],
    program: 'partclone.extfs',
    // -I: it would refuse one that was mounted often without a check. States that matter are examined here.
    captureOptions: ['-I'],
    examine: examineExt,
  },
  {
    types: ['ntfs'],
    program: 'partclone.ntfs',
    captureOptions: [],
    examine: examineNtfs,
  },
  {
    types: ['vfat'],
    program: 'partclone.fat',
    captureOptions: [],
    examine: examineFat,
  },
  {
    types: ['exfat'],
    program: 'partclone.exfat',
    captureOptions: [],
    examine: examineExfat,
  },
  {
    types: ['xfs'],
    program: 'partclone.xfs',
    captureOptions: [],
    examine: examineXfs,
  },
  {
    types: ['btrfs'],
    program: 'partclone.btrfs',
    captureOptions: [],
    examine: examineBtrfs,
  },
  {
    types: ['f2fs'],
    program: 'partclone.f2fs',
    captureOptions: [],
    examine: examineF2fs,
  },
  {
    types: ['hfsplus'],
    program: 'partclone.hfsplus',
    captureOptions: [],
    examine: examineHfsplus,
  },
  {
    types: ['minix'],
    program: 'partclone.minix',
    captureOptions: [],
    examine: examineMinix,
  },
  // What partclone calls used is checked here for none of these: 1:1 loses nothing, journals and logs included.
  wholeOnly('apfs', 'partclone.apfs'),
  wholeOnly('reiser4', 'partclone.reiser4'),
  // Debian's partclone has no program for these.
  wholeOnly('reiserfs', 'partclone.reiserfs'),
  wholeOnly('jfs', 'partclone.jfs'),
  wholeOnly('nilfs2', 'partclone.nilfs2'),
  wholeOnly('ufs', 'partclone.ufs'),
  wholeOnly('VMFS', 'partclone.vmfs'),
  ...MEMBER_KINDS,
];

/** The kind of a file system by blkid's name for it, or null when it is copied sector by sector. */
export function kindOf(type: string | null): FilesystemKind | null {
  return KINDS.find((kind) => type !== null && kind.types.includes(type)) ?? null;
}

/** A kind that partclone knows, but whose image of used blocks is not checked here. */
function wholeOnly(type: string, program: string): FilesystemKind {
  const reason = `whether used blocks would do is not known for ${type}`;
  return {
    types: [type],
    program,
    captureOptions: [],
    examine: () => Promise.resolve({ type: 'every-sector', reason }),
  };
}
