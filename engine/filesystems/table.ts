/** Every kind of file system that is imaged by its used blocks; all others are copied sector by sector. */

import { hasLogTree } from '../tools/btrfs-super.ts';
import { findNtfsFault } from '../tools/ntfs-probe.ts';
import { isLogDirty } from '../tools/xfs-logprint.ts';
import type { FilesystemKind } from './filesystem.ts';

const CHECK_HINT =
  'Start the machine and shut it down properly, or check the file system (fsck), then capture again.';

const UNCHECKED =
  'nothing tells whether this file system was unmounted cleanly: check it on a clone before you rely on the image';

const KINDS: readonly FilesystemKind[] = [
  {
    types: ['ext2', 'ext3', 'ext4'],
    program: 'partclone.extfs',
    captureOptions: [],
    refusalHint: CHECK_HINT,
  },
  {
    types: ['ntfs'],
    program: 'partclone.ntfs',
    captureOptions: [],
    findFault: findNtfsFault,
    refusalHint:
      'Start Windows, shut it down with `shutdown /s /t 0` (fast start-up leaves it half asleep), then capture again.',
  },
  {
    types: ['vfat'],
    program: 'partclone.fat',
    captureOptions: [],
    refusalHint: CHECK_HINT,
  },
  {
    types: ['exfat'],
    program: 'partclone.exfat',
    captureOptions: [],
    refusalHint: CHECK_HINT,
  },
  {
    types: ['xfs'],
    program: 'partclone.xfs',
    captureOptions: [],
    // partclone goes by the free lists on the disk, and would leave out what only the log knows to be in use.
    findFault: async (run, device) =>
      (await isLogDirty(run, device)) ? 'its log has changes that were not yet written' : null,
    refusalHint:
      'Mount and unmount the file system once so that its log is replayed, then capture again.',
  },
  {
    types: ['btrfs'],
    program: 'partclone.btrfs',
    captureOptions: [],
    findFault: async (run, device) =>
      (await hasLogTree(run, device)) ? 'its log has changes that were not yet written' : null,
    refusalHint:
      'Mount and unmount the file system once so that its log is replayed, then capture again.',
  },
  {
    types: ['f2fs'],
    program: 'partclone.f2fs',
    captureOptions: [],
    warning: UNCHECKED,
    refusalHint: CHECK_HINT,
  },
  {
    types: ['hfsplus'],
    program: 'partclone.hfsplus',
    captureOptions: [],
    warning: UNCHECKED,
    refusalHint: CHECK_HINT,
  },
  {
    types: ['minix'],
    program: 'partclone.minix',
    captureOptions: [],
    refusalHint: CHECK_HINT,
  },
  {
    types: ['apfs'],
    program: 'partclone.apfs',
    captureOptions: [],
    warning: UNCHECKED,
    refusalHint: CHECK_HINT,
  },
];

/** The kind of a file system by blkid's name for it, or null when it is copied sector by sector. */
export function kindOf(type: string | null): FilesystemKind | null {
  return KINDS.find((kind) => type !== null && kind.types.includes(type)) ?? null;
}
