/**
 * What a partition needs that no stream brings, when its stream is written: as data, which the engine carries out and the
 * restore script prints.
 */

import type { PartitionContent } from '../model/image.ts';
import { message, type MessageOf } from '../model/messages/table.ts';
import type { Bytes } from '../units.ts';
import { NTFS_BOOT_SECTOR, NTFS_SECTOR_SIZES } from './ntfs-boot-sector.ts';
import { swapPage } from './swap-page.ts';

/** What is done to a partition; places are counted in bytes from its beginning, in whole sectors. */
export type PartitionAction =
  | { readonly type: 'zero'; readonly startBytes: Bytes; readonly countBytes: Bytes }
  | { readonly type: 'write'; readonly startBytes: Bytes; readonly data: Buffer }
  /** A program, with the partition as its last argument. */
  | { readonly type: 'run'; readonly tool: 'mkswap'; readonly args: readonly string[] }
  /**
   * The first sector is copied to where itself says: numbers in it, little-endian, are the size of a sector (16 bit), one of
   * `sectorSizes`, and which sector the copy is (64 bit). Where that is behind the partition nothing is written.
   */
  | {
      readonly type: 'copy-first-sector';
      readonly sectorBytesOffset: number;
      readonly toSectorOffset: number;
      readonly sectorSizes: readonly Bytes[];
      /** What is said of it then. */
      readonly noRoom: MessageOf<'note.no-room-for-ntfs-backup'>;
    };

/** A step of a deploy: it is called `step.TYPE` (lib/model/messages/steps.ts). */
export type AfterRestore = {
  readonly type: 'write-swap' | 'make-swap' | 'write-ntfs-backup';
  readonly actions: readonly PartitionAction[];
};

export type RestoredPartition = {
  readonly content: PartitionContent;
  readonly sizeBytes: Bytes;
};

const CLEARED_SWAP_BYTES = 1024 * 1024;

export function nothingAfterRestore(): null {
  return null;
}

/**
 * The area that was captured. Both its ends are zeroed first: what was there before is on this disk still, and nothing may be
 * recognised of it. An image of version 0.2 has no header: a new area is made, with UUID and label of the old one.
 */
export function swapAfterRestore({ content, sizeBytes }: RestoredPartition): AfterRestore | null {
  if (content.type !== 'swap') return null;
  const { header, uuid, label } = content;
  if (header === undefined) {
    const args = [
      '--force',
      ...(uuid === null ? [] : ['--uuid', uuid]),
      ...(label === null || label === '' ? [] : ['--label', label]),
    ];
    return { type: 'make-swap', actions: [{ type: 'run', tool: 'mkswap', args }] };
  }
  const countBytes = Math.min(sizeBytes, CLEARED_SWAP_BYTES);
  return {
    type: 'write-swap',
    actions: [
      { type: 'zero', startBytes: 0, countBytes },
      { type: 'zero', startBytes: sizeBytes - countBytes, countBytes },
      { type: 'write', startBytes: 0, data: swapPage(header) },
    ],
  };
}

/** The copy of the boot sector. partclone leaves it out, in every version; a copy of all sectors has it. */
export function ntfsAfterRestore({ content }: RestoredPartition): AfterRestore | null {
  if (content.type !== 'stream' || content.stream.content !== 'partclone') return null;
  const { bytesPerSectorOffset, totalSectorsOffset } = NTFS_BOOT_SECTOR;
  return {
    type: 'write-ntfs-backup',
    actions: [
      {
        type: 'copy-first-sector',
        sectorBytesOffset: bytesPerSectorOffset,
        toSectorOffset: totalSectorsOffset,
        sectorSizes: NTFS_SECTOR_SIZES,
        noRoom: message('note.no-room-for-ntfs-backup'),
      },
    ],
  };
}
