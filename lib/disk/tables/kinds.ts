/** Every kind of partition table, and asking the right one. */

import type { PartitionTable, TableArea } from '../../model/partition-table.ts';
import type { SectorRange, Sectors } from '../../units.ts';
import { unreachable } from '../../unreachable.ts';
import { GPT_KIND } from './gpt-kind.ts';
import type { TableKind } from './kind.ts';
import { MBR_KIND } from './mbr-kind.ts';

/** A kind for every table that an image can have. */
export const TABLE_KINDS: {
  readonly [T in PartitionTable['type']]: TableKind<Extract<PartitionTable, { type: T }>>;
} = {
  dos: MBR_KIND,
  gpt: GPT_KIND,
};

/** The smallest disk that `table` fits on with all its partitions. */
export function requiredSectors(table: PartitionTable): Sectors {
  return askKind(table).requiredSectors();
}

/**
 * The sectors outside all partitions that boot loaders use, ascending and disjoint, none of length 0: as long as they are, no
 * fixed number. Without any partition there is no gap.
 */
export function gapsOf(table: PartitionTable): SectorRange[] {
  return askKind(table).gaps();
}

/**
 * The areas to write on a disk of `diskSectors`: on one of the captured size the same bytes. Throws OperatorError
 * partition-table-bad when `areas` are not those of `table`, RangeError when the disk is too small.
 */
export function fitAreas(
  areas: readonly TableArea[],
  table: PartitionTable,
  diskSectors: Sectors,
): TableArea[] {
  const kind = askKind(table);
  if (diskSectors < kind.requiredSectors()) {
    throw new RangeError(`the partition table needs more than ${diskSectors} sectors`);
  }
  return diskSectors === table.diskSectors ? [...areas] : kind.fit(areas, diskSectors);
}

/** The areas of `table` in the order in which they are written. */
export function inWritingOrder(areas: readonly TableArea[], table: PartitionTable): TableArea[] {
  const { areaOrder } = askKind(table);
  const place = (area: TableArea): number => areaOrder.indexOf(area.kind);
  return areas.toSorted((one, other) => place(one) - place(other));
}

/** The kind of a table, with the table already given to it. */
type AskedKind = {
  readonly areaOrder: readonly TableArea['kind'][];
  readonly requiredSectors: () => Sectors;
  readonly gaps: () => SectorRange[];
  readonly fit: (areas: readonly TableArea[], diskSectors: Sectors) => TableArea[];
};

function askKind(table: PartitionTable): AskedKind {
  switch (table.type) {
    case 'dos':
      return asked(TABLE_KINDS.dos, table);
    case 'gpt':
      return asked(TABLE_KINDS.gpt, table);
    default:
      return unreachable(table);
  }
}

function asked<T extends PartitionTable>(kind: TableKind<T>, table: T): AskedKind {
  return {
    areaOrder: kind.areaOrder,
    requiredSectors: () => kind.requiredSectors(table),
    gaps: () => kind.gaps(table),
    fit: (areas, diskSectors) => kind.fit(areas, table, diskSectors),
  };
}
