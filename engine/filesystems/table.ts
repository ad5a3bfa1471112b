/** Every kind of file system that is imaged by its used blocks; all others are copied sector by sector. */

import { hasLogTree } from '../tools/btrfs-super.ts';
import { hasBigalloc } from '../tools/dumpe2fs.ts';
import { findNtfsFault } from '../tools/ntfs-probe.ts';
import { isLogDirty } from '../tools/xfs-logprint.ts';
import type { Examination } from './examination.ts';
import type { FilesystemKind } from './filesystem.ts';

const UNCHECKED =
  'nothing tells whether this file system was unmounted cleanly: check it on a clone before you rely on the image';

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
    examine: async ({ run, device }) =>
      refusedFor(
        await findNtfsFault(run, device),
        'Start Windows, shut it down with `shutdown /s /t 0` (fast start-up leaves it half asleep), then capture again.',
      ),
  },
  {
    types: ['vfat'],
    program: 'partclone.fat',
    captureOptions: [],
    examine: () => Promise.resolve(byPartclone()),
  },
  {
    types: ['exfat'],
    program: 'partclone.exfat',
    captureOptions: [],
    examine: () => Promise.resolve(byPartclone()),
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
    examine: async ({ run, device }) =>
      refusedFor((await hasLogTree(run, device)) ? DIRTY_LOG : null, REPLAY_HINT),
  },
  {
    types: ['f2fs'],
    program: 'partclone.f2fs',
    captureOptions: [],
    examine: () => Promise.resolve(byPartclone(UNCHECKED)),
  },
  {
    types: ['hfsplus'],
    program: 'partclone.hfsplus',
    captureOptions: [],
    examine: () => Promise.resolve(byPartclone(UNCHECKED)),
  },
  {
    types: ['minix'],
    program: 'partclone.minix',
    captureOptions: [],
    examine: () => Promise.resolve(byPartclone()),
  },
  {
    types: ['apfs'],
    program: 'partclone.apfs',
    captureOptions: [],
    examine: () => Promise.resolve(byPartclone(UNCHECKED)),
  },
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
