/** Whether an image goes onto a disk: asked by server, engine, command line and UI, each of which says it in its own words. */

import type { PartitionTable } from '../../model/partition-table.ts';
import { sectorsToBytes, type Bytes, type SectorRange } from '../../units.ts';
import { requiredSectors } from '../tables/kinds.ts';
import { endOf } from '../tables/ranges.ts';

/** What a disk must fulfil for an image; a version of an image in the store says it of itself. */
export type DiskDemand = {
  /** The smallest disk that the image fits on. */
  readonly requiredBytes: Bytes;
  /** Logical sectors of the disk that was captured: partition tables and file systems count in them. */
  readonly sectorSizeBytes: Bytes;
};

/** What counts of a disk that is to be written. */
export type DiskOffer = {
  readonly sizeBytes: Bytes;
  readonly logicalSectorBytes: Bytes;
  readonly readOnly: boolean;
};

export type FitFault =
  | { readonly type: 'read-only' }
  | { readonly type: 'sector-size'; readonly neededBytes: Bytes; readonly presentBytes: Bytes }
  | { readonly type: 'too-small'; readonly neededBytes: Bytes; readonly presentBytes: Bytes };

/** Everything that keeps an image from a disk, what no other disk size would change first; empty: it fits. */
export function fitFaults(demand: DiskDemand, disk: DiskOffer): FitFault[] {
  const faults: FitFault[] = [];
  if (disk.readOnly) faults.push({ type: 'read-only' });
  if (disk.logicalSectorBytes !== demand.sectorSizeBytes) {
    faults.push({
      type: 'sector-size',
      neededBytes: demand.sectorSizeBytes,
      presentBytes: disk.logicalSectorBytes,
    });
  }
  if (disk.sizeBytes < demand.requiredBytes) {
    faults.push({
      type: 'too-small',
      neededBytes: demand.requiredBytes,
      presentBytes: disk.sizeBytes,
    });
  }
  return faults;
}

/** The smallest disk that a table with all its partitions, and `gaps`, fit on. */
export function requiredBytes(table: PartitionTable, gaps: readonly SectorRange[] = []): Bytes {
  const sectors = Math.max(requiredSectors(table), ...gaps.map(endOf));
  return sectorsToBytes(sectors, table.sectorSizeBytes);
}
