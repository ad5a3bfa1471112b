/** MBR with EBRs, as a kind of partition table. */

import type { MbrTable } from '../../model/partition-table.ts';
import type { SectorRange, Sectors } from '../../units.ts';
import { gapBeforePartitions } from './gap-before-partitions.ts';
import type { TableKind } from './kind.ts';
import { readMbrTable } from './mbr-table.ts';
import { endOf, merge, subtract } from './ranges.ts';

export const MBR_KIND: TableKind<MbrTable> = {
  type: 'dos',
  read: readMbrTable,
  areaOrder: ['ebr', 'mbr'],
  requiredSectors: ({ partitions }) => Math.max(1, ...partitions.map(endOf)),
  gaps: (table) => [...gapBeforePartitions(1, table.partitions), ...gapsAfterEbrs(table)],
  // Nothing in it depends on the size of the disk.
  fit: (areas) => [...areas],
};

/**
 * From each logical partition's EBR to its start. Where other partitions or EBRs lie in between (logical partitions
 * created out of order), only what they leave.
 */
function gapsAfterEbrs({ partitions }: MbrTable): SectorRange[] {
  const logicals = partitions.filter(({ kind }) => kind === 'logical');
  const occupied = [
    ...logicals,
    ...logicals.flatMap(({ ebrSector }) => (ebrSector === null ? [] : [oneSector(ebrSector)])),
  ];
  const wanted = logicals.flatMap(({ ebrSector, startSector }) =>
    ebrSector === null
      ? []
      : [{ startSector: ebrSector + 1, sectorCount: startSector - ebrSector - 1 }],
  );
  return merge(wanted.flatMap((range) => subtract(range, occupied)));
}

function oneSector(startSector: Sectors): SectorRange {
  return { startSector, sectorCount: 1 };
}
