/** Layout: where an image goes on a disk, as data: a writer carries it out and does not know how it was planned. */

import type { ImagePartition, ImageStream, PartitionContent } from '../../model/image.ts';
import type { TableArea } from '../../model/partition-table.ts';
import type { Bytes, SectorRange } from '../../units.ts';

/**
 * How the partitions of an image are placed on a disk of another size. `as-is`: each where it was, as large as it was. Policies
 * that grow or shrink partitions are further variants, with what they need.
 */
export type LayoutPolicy = { readonly type: 'as-is' };

export const AS_IS: LayoutPolicy = { type: 'as-is' };

export type Layout = {
  readonly policy: LayoutPolicy;
  /** Of the disk that it is for: its sectors are what all places are counted in. */
  readonly sectorSizeBytes: Bytes;
  readonly partitions: readonly LayoutPartition[];
  readonly gaps: readonly LayoutGap[];
  /** What makes the partition table, in the order in which it is written: the sector that the firmware begins with comes last. */
  readonly tableAreas: readonly TableArea[];
};

export type LayoutPartition = SectorRange & {
  /** As Linux numbers it, on the target. */
  readonly number: number;
  /** As the table has it: a GUID, or a byte as "0x83"; null when the image's table does not say. */
  readonly typeCode: string | null;
  readonly filesystem: ImagePartition['filesystem'];
  /** The stream that is written to it, a swap header, or that it only contains others. */
  readonly content: PartitionContent;
  /** What becomes of the file system once it is written: it stays as large as it was. Growing and shrinking are further variants. */
  readonly resize: { readonly type: 'none' };
};

/** Sectors outside of partitions that a boot loader or a dynamic disk uses. */
export type LayoutGap = SectorRange & {
  readonly stream: ImageStream;
  /** Whether it lies behind all partitions. */
  readonly isBehind: boolean;
};
