/**
 * What carrying a layout out does to a disk, in the order in which it is done: one list, which a deploy performs and which
 * `image show --by-hand` prints as a script, so that both are the same.
 */

import type { AfterRestore } from '../../filesystems/after-restore.ts';
import { filesystemOfPartition } from '../../filesystems/kinds.ts';
import type { ImageStream } from '../../model/image.ts';
import type { TableArea } from '../../model/partition-table.ts';
import { sectorsToBytes, type Bytes, type SectorRange, type Sectors } from '../../units.ts';
import type { Layout, LayoutPartition } from './layout.ts';

/** The phases in their order. Everything that is written to the disk itself, past its partitions, is written directly. */
export type RestorePlan = {
  /** From here on the old content of the disk is lost, and nothing boots. */
  readonly clear: readonly DiskAction[];
  /** In the order in which a session sends them. */
  readonly streams: readonly StreamStep[];
  /** What no stream brings. */
  readonly finish: readonly FinishStep[];
  /** All content is on the disk before what makes it boot. A page of the disk's cache may hold sectors of a partition: that comes last. */
  readonly flush: readonly DiskAction[];
  /** What makes the disk one that boots, the first sector last. */
  readonly table: readonly DiskAction[];
  /** The kernel reads the table, and what is on the disk is compared. */
  readonly verify: readonly DiskAction[];
};

/** What is done to the disk as a whole, or to what the kernel knows of it. */
export type DiskAction =
  /** The kernel forgets the partitions that it knows, unless something uses one: then nothing further is done. */
  | { readonly type: 'forget-partitions' }
  /** The first sector and both GPT headers are zeroed: BOOT_SECTORS. */
  | { readonly type: 'make-unbootable' }
  /** `endBytes` at each end are zeroed, or all of a smaller disk. */
  | { readonly type: 'zero-ends'; readonly endBytes: Bytes }
  /** Of a partition, or with null of the disk: what is recognised farther inside, such as the volume of a VMFS datastore. */
  | { readonly type: 'wipe-signatures'; readonly number: number | null }
  /** The kernel is told of a partition, though no table is on the disk. */
  | { readonly type: 'add-partition'; readonly number: number; readonly range: SectorRange }
  /** The cache of a partition, or with null of the disk, is written out. */
  | { readonly type: 'flush'; readonly number: number | null }
  | { readonly type: 'write-area'; readonly area: TableArea }
  | { readonly type: 'read-table' }
  /** Each of the areas is on the disk as it was written. */
  | { readonly type: 'compare-table'; readonly areas: readonly TableArea[] };

export type StreamStep = {
  readonly stream: ImageStream;
  readonly target:
    | { readonly type: 'partition'; readonly number: number; readonly filesystem: string | null }
    /** Sectors of the disk; `isBehind` all partitions. */
    | { readonly type: 'range'; readonly range: SectorRange; readonly isBehind: boolean };
};

/** What a partition needs that no stream brings, when the streams are written. */
export type FinishStep = AfterRestore & { readonly number: number };

/** What a firmware looks at, with a GPT's header at the end. Zeroed first, and again when a restore does not come to its end. */
export const BOOT_SECTORS: { readonly atStart: Sectors; readonly atEnd: Sectors } = {
  atStart: 2,
  atEnd: 1,
};

/**
 * At each end: every boot sector, partition table, RAID signature and database of a dynamic disk lies within. The farthest
 * signature that libblkid knows is 3087 sectors before the end.
 */
const CLEARED_DISK_BYTES = 4 * 1024 * 1024;

export function restorePlan(layout: Layout): RestorePlan {
  const partitions = layout.partitions.filter(({ content }) => content.type !== 'extended');
  return {
    clear: [
      { type: 'forget-partitions' },
      { type: 'make-unbootable' },
      { type: 'zero-ends', endBytes: CLEARED_DISK_BYTES },
      { type: 'wipe-signatures', number: null },
      ...partitions.flatMap(({ number, startSector, sectorCount }): DiskAction[] => [
        { type: 'add-partition', number, range: { startSector, sectorCount } },
        { type: 'wipe-signatures', number },
      ]),
    ],
    streams: [
      ...partitions.flatMap(partitionStream),
      ...layout.gaps.map(({ stream, startSector, sectorCount, isBehind }): StreamStep => ({
        stream,
        target: { type: 'range', range: { startSector, sectorCount }, isBehind },
      })),
    ],
    finish: partitions.flatMap((partition) => finishSteps(partition, layout.sectorSizeBytes)),
    flush: [
      ...partitions.map(({ number }): DiskAction => ({ type: 'flush', number })),
      { type: 'flush', number: null },
    ],
    table: layout.tableAreas.map((area) => ({ type: 'write-area', area })),
    verify: [
      { type: 'flush', number: null },
      { type: 'read-table' },
      { type: 'compare-table', areas: layout.tableAreas },
    ],
  };
}

function partitionStream({ number, filesystem, content }: LayoutPartition): StreamStep[] {
  if (content.type !== 'stream') return [];
  const target = { type: 'partition', number, filesystem: filesystem?.type ?? null } as const;
  return [{ stream: content.stream, target }];
}

function finishSteps(partition: LayoutPartition, sectorBytes: Bytes): FinishStep[] {
  const { number, sectorCount, content } = partition;
  const sizeBytes = sectorsToBytes(sectorCount, sectorBytes);
  const finish = filesystemOfPartition(partition).afterRestore({ content, sizeBytes });
  return finish === null ? [] : [{ ...finish, number }];
}
