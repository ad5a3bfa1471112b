/**
 * What restoring an image writes: what, where, from what, by which method, in which order. A deploy carries this plan out, and
 * `image show --by-hand` prints it as a script, so that both are the same.
 */

import { filesystemTraits } from '../filesystems/kinds.ts';
import type {
  CapturedDisk,
  ImagePartition,
  ImageStream,
  PartitionContent,
} from '../model/image.ts';
import type { TableArea } from '../model/partition-table.ts';
import { swapPage } from './swap-page.ts';
import { sectorsToBytes, type Bytes, type SectorRange } from '../units.ts';

/** The phases in their order. Everything that is written to the disk itself, past its partitions, is written directly. */
export type RestorePlan = {
  readonly clear: ClearPhase;
  /** In the order in which a session sends them. */
  readonly streams: readonly StreamStep[];
  /** What no stream brings. */
  readonly finish: readonly FinishStep[];
  /** Partitions whose cache is written out, before that of the disk: a page of it may hold sectors of a partition. */
  readonly flush: readonly number[];
  /** What makes the disk one that boots, the first sector last. Afterwards the kernel reads it, and it is read back and compared. */
  readonly table: readonly TableArea[];
};

/** The kernel forgets the partitions, both ends of the disk are zeroed, signatures wiped; then it learns of the new partitions. */
export type ClearPhase = {
  /** At each end: every boot sector, partition table, RAID signature and database of a dynamic disk lies within. */
  readonly endBytes: Bytes;
  /** Told to the kernel, and signatures wiped from each. */
  readonly partitions: readonly (SectorRange & { readonly number: number })[];
};

export type StreamStep = {
  readonly stream: ImageStream;
  readonly target:
    | { readonly type: 'partition'; readonly number: number; readonly filesystem: string | null }
    /** Sectors of the disk; `isBehind` all partitions. */
    | { readonly type: 'range'; readonly range: SectorRange; readonly isBehind: boolean };
};

export type FinishStep =
  /** Both ends of the area are zeroed, then its header is written. */
  | {
      readonly type: 'write-swap';
      readonly number: number;
      readonly areaBytes: Bytes;
      readonly endBytes: Bytes;
      readonly page: Buffer;
    }
  | {
      readonly type: 'make-swap';
      readonly number: number;
      readonly uuid: string | null;
      readonly label: string | null;
    }
  /** The first sector is copied behind the volume, wherever its boot sector says that this is. */
  | { readonly type: 'write-ntfs-backup'; readonly number: number };

/** The farthest signature that libblkid knows is 3087 sectors before the end. */
const CLEARED_DISK_BYTES = 4 * 1024 * 1024;
const CLEARED_SWAP_BYTES = 1024 * 1024;

type Image = Pick<CapturedDisk, 'partitions' | 'gaps' | 'disk'>;

/** `areas`: the image's own on a disk of the captured size, else fitted to the disk. */
export function restorePlan(image: Image, areas: readonly TableArea[]): RestorePlan {
  const partitions = image.partitions.filter(({ content }) => content.type !== 'extended');
  return {
    clear: {
      endBytes: CLEARED_DISK_BYTES,
      partitions: partitions.map(({ number, startSector, sectorCount }) => ({
        number,
        startSector,
        sectorCount,
      })),
    },
    streams: [
      ...partitions.flatMap(({ number, filesystem, content }): StreamStep[] =>
        content.type === 'stream'
          ? [
              {
                stream: content.stream,
                target: { type: 'partition', number, filesystem: filesystem?.type ?? null },
              },
            ]
          : [],
      ),
      ...image.gaps.map(({ stream, startSector, sectorCount }): StreamStep => ({
        stream,
        target: {
          type: 'range',
          range: { startSector, sectorCount },
          isBehind: partitions.every((each) => startSector >= each.startSector + each.sectorCount),
        },
      })),
    ],
    finish: partitions.flatMap((partition) =>
      finishSteps(partition, partition.content, image.disk.logicalSectorBytes),
    ),
    flush: partitions.map(({ number }) => number),
    table: areas.toSorted((one, other) => AREA_ORDER[one.kind] - AREA_ORDER[other.kind]),
  };
}

/** EBRs and the backup first, the sector that the firmware begins with last. */
const AREA_ORDER: Readonly<Record<TableArea['kind'], number>> = {
  ebr: 0,
  'gpt-backup': 1,
  'gpt-primary': 2,
  mbr: 3,
};

function finishSteps(
  { number, filesystem, sectorCount }: ImagePartition,
  content: PartitionContent,
  sectorBytes: Bytes,
): FinishStep[] {
  if (content.type === 'swap') {
    if (content.header === undefined) {
      return [{ type: 'make-swap', number, uuid: content.uuid, label: content.label }];
    }
    const areaBytes = sectorsToBytes(sectorCount, sectorBytes);
    const endBytes = Math.min(areaBytes, CLEARED_SWAP_BYTES);
    const page = swapPage(content.header);
    return [{ type: 'write-swap', number, areaBytes, endBytes, page }];
  }
  // partclone leaves it out, in every version; a copy of all sectors has it.
  const lacksBackup =
    filesystemTraits(filesystem?.type ?? null).hasBackupBootSector === true &&
    content.type === 'stream' &&
    content.stream.content === 'partclone';
  return lacksBackup ? [{ type: 'write-ntfs-backup', number }] : [];
}

const MEGABYTE = 1024 * 1024;

/** The size of the blocks in which `countBytes` are written directly: they divide it exactly, whatever the sector size. */
export function directBlockBytes(countBytes: Bytes): Bytes {
  return commonDivisor(countBytes, MEGABYTE);
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
