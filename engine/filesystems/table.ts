/** Every kind of file system that is imaged by its used blocks; all others are copied sector by sector. */

import { hasBigalloc } from '../tools/dumpe2fs.ts';
import { isLogDirty } from '../tools/xfs-logprint.ts';
import { examineBtrfs } from './btrfs.ts';
import type { Examination } from './examination.ts';
import { examineExfat } from './exfat.ts';
import { examineF2fs } from './f2fs.ts';
import { examineFat } from './fat.ts';
import type { FilesystemKind } from './filesystem.ts';
import { examineHfsplus } from './hfsplus.ts';
import { examineMinix } from './minix.ts';
import { examineNtfs } from './ntfs.ts';

const REPLAY_HINT =
  'Mount and unmount the file system once so that its log is replayed, then capture again.';

const KINDS: readonly FilesystemKind[] = [
  {
    types: ['ext2', 'ext3', 'ext4'],
    program: 'partclone.extfs',
    captureOptions: [],
    examine: async ({ run, device }) =>
      (await hasBigalloc(run, device))
        ? { type: 'every-sector', reason: 'partclone cannot read ext4 with bigalloc' }
        : byPartclone(),
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
    // partclone goes by the free lists on the disk, and would leave out what only the log knows to be in use.
    examine: async ({ run, device }) =>
      refusedFor((await isLogDirty(run, device)) ? DIRTY_LOG : null, REPLAY_HINT),
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
];

const DIRTY_LOG = 'its log has changes that were not yet written';

/** The kind of a file system by blkid's name for it, or null when it is copied sector by sector. */
export function kindOf(type: string | null): FilesystemKind | null {
  return KINDS.find((kind) => type !== null && kind.types.includes(type)) ?? null;
}

/** Only partclone knows its used blocks. */
function byPartclone(warning: string | null = null): Examination {
  return { type: 'used-blocks', used: null, warning };
}

function refusedFor(state: string | null, remedy: string): Examination {
  return state === null ? byPartclone() : { type: 'refused', state, remedy };
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
