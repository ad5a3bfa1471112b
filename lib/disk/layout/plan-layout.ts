/** Planning where an image goes on a disk, before anything is written. */

import { OperatorError } from '../../errors.ts';
import type { CapturedDisk } from '../../model/image.ts';
import type { PartitionTable, TableArea } from '../../model/partition-table.ts';
import { bytesToSectors, type Bytes } from '../../units.ts';
import { fitAreas, inWritingOrder } from '../tables/kinds.ts';
import { endOf } from '../tables/ranges.ts';
import { fitFaults, requiredBytes, type DiskDemand, type DiskOffer, type FitFault } from './fit.ts';
import { AS_IS, type Layout, type LayoutPolicy } from './layout.ts';

/** What of an image says where it goes. */
export type LayoutImage = Pick<
  CapturedDisk,
  'disk' | 'requiredBytes' | 'partitionTable' | 'tableAreas' | 'gaps' | 'partitions'
>;

export type PlannedLayout =
  | { readonly type: 'fits'; readonly layout: Layout }
  /** `faults`: what keeps it from the disk, at least one. */
  | { readonly type: 'unfit'; readonly faults: readonly [FitFault, ...FitFault[]] };

/**
 * Where `image` goes on `disk`. Throws OperatorError partition-table-bad when the sectors of its table are not those of the
 * table that it describes: then the image is damaged.
 */
export function planLayout(
  image: LayoutImage,
  disk: DiskOffer,
  policy: LayoutPolicy,
): PlannedLayout {
  const { logicalSectorBytes } = image.disk;
  const { sectorSizeBytes } = image.partitionTable;
  if (sectorSizeBytes !== logicalSectorBytes)
    throw otherSectors(sectorSizeBytes, logicalSectorBytes);
  const [fault, ...others] = fitFaults(demandOf(image), disk);
  if (fault !== undefined) return { type: 'unfit', faults: [fault, ...others] };
  const diskSectors = bytesToSectors(disk.sizeBytes, disk.logicalSectorBytes);
  const tableAreas = fitAreas(image.tableAreas, image.partitionTable, diskSectors);
  return { type: 'fits', layout: layoutOf(image, tableAreas, policy) };
}

/** Its places are counted in other sectors than those of the disk that it describes: nothing may be written by them. */
function otherSectors(tableBytes: Bytes, diskBytes: Bytes): OperatorError {
  return new OperatorError({
    code: 'partition-table-bad',
    message: `planning where an image goes: its partition table counts in sectors of ${tableBytes} bytes, its disk had ${diskBytes}`,
    hint: 'The description of the image is damaged: verify the image (openclone image verify), or capture it again.',
  });
}

/** What a disk must fulfil for `image`. */
export function demandOf(image: LayoutImage): DiskDemand {
  return {
    requiredBytes: Math.max(image.requiredBytes, requiredBytes(image.partitionTable, image.gaps)),
    sectorSizeBytes: image.disk.logicalSectorBytes,
  };
}

/** The layout that `image` was captured from, for a disk of just that size. */
export function capturedLayout(image: LayoutImage): Layout {
  return layoutOf(image, image.tableAreas, AS_IS);
}

function layoutOf(
  image: LayoutImage,
  tableAreas: readonly TableArea[],
  policy: LayoutPolicy,
): Layout {
  const { partitionTable: table, partitions, gaps } = image;
  const written = partitions.filter(({ content }) => content.type !== 'extended');
  return {
    policy,
    sectorSizeBytes: table.sectorSizeBytes,
    partitions: partitions.map((partition) => ({
      number: partition.number,
      startSector: partition.startSector,
      sectorCount: partition.sectorCount,
      typeCode: typeCodeOf(table, partition.number),
      filesystem: partition.filesystem,
      content: partition.content,
      resize: { type: 'none' },
    })),
    gaps: gaps.map(({ startSector, sectorCount, stream }) => ({
      startSector,
      sectorCount,
      stream,
      isBehind: written.every((each) => startSector >= endOf(each)),
    })),
    tableAreas: inWritingOrder(tableAreas, table),
  };
}

function typeCodeOf({ partitions }: PartitionTable, number: number): string | null {
  const found = partitions.find((each) => each.number === number);
  if (found === undefined) return null;
  return 'typeGuid' in found ? found.typeGuid : `0x${found.typeByte.toString(16).padStart(2, '0')}`;
}
