/** What every kind of partition table can do. A kind is a file and a row of kinds.ts. */

import type { PartitionTable, TableArea } from '../../model/partition-table.ts';
import type { SectorRange, Sectors } from '../../units.ts';
import type { SectorReader } from '../sector-reader.ts';
import type { TableOnDisk } from './table-area.ts';

export type TableKind<T extends PartitionTable> = {
  readonly type: T['type'];
  /**
   * Reads the table of a disk whose first sector is `firstSector`. Throws OperatorError partition-table-bad, naming the partition, for a
   * table that cannot be trusted; disk-sector-size; disk-read-failed.
   */
  readonly read: (reader: SectorReader, firstSector: Buffer) => Promise<TableOnDisk>;
  /** What it is made of, in the order in which it is written: the sector that the firmware begins with comes last. */
  readonly areaOrder: readonly TableArea['kind'][];
  /** The smallest disk that the table fits on with all its partitions. */
  readonly requiredSectors: (table: T) => Sectors;
  /** The sectors outside of partitions that boot loaders use, ascending and disjoint. */
  readonly gaps: (table: T) => SectorRange[];
  /**
   * The areas for a disk of `diskSectors`, which is large enough and not as large as the captured one. Throws OperatorError
   * partition-table-bad when `areas` are not those of `table`.
   */
  readonly fit: (areas: readonly TableArea[], table: T, diskSectors: Sectors) => TableArea[];
};
