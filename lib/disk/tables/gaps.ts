/** The sectors outside all partitions that boot loaders use (requirement O7): as long as they are, no fixed number. */

import type { MbrTable, PartitionTable } from '../../model/partition-table.ts';
import type { SectorRange, Sectors } from '../../units.ts';
import { unreachable } from '../../unreachable.ts';
import { arraySectors } from './gpt.ts';
import { endOf } from './layout-checks.ts';

/**
 * The gaps of `table`, ascending and disjoint, none of length 0: from the end of the table (sector 1, or after the
 * primary GPT's entries) to the first partition, and from each logical partition's EBR to its start. Where other
 * partitions or EBRs lie in between (logical partitions created out of order), only what they leave. Without any
 * partition there is no gap.
 */
export function gapsOf(table: PartitionTable): SectorRange[] {
  switch (table.type) {
    case 'gpt':
      return gapBeforePartitions(
        table.entriesSector + arraySectors(table, table.sectorSizeBytes),
        table.partitions,
      );
    case 'dos':
      return [...gapBeforePartitions(1, table.partitions), ...gapsAfterEbrs(table)];
    default:
      return unreachable(table);
  }
}

function gapBeforePartitions(
  startSector: Sectors,
  partitions: readonly SectorRange[],
): SectorRange[] {
  if (partitions.length === 0) return [];
  const end = Math.min(...partitions.map((partition) => partition.startSector));
  return end > startSector ? [{ startSector, sectorCount: end - startSector }] : [];
}

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

/** The parts of `range` that are in none of `others`, ascending. */
export function subtract(range: SectorRange, others: readonly SectorRange[]): SectorRange[] {
  const parts: SectorRange[] = [];
  let next = range.startSector;
  for (const other of others.toSorted((a, b) => a.startSector - b.startSector)) {
    const end = Math.min(other.startSector, endOf(range));
    if (end > next) parts.push({ startSector: next, sectorCount: end - next });
    next = Math.max(next, endOf(other));
  }
  if (endOf(range) > next) parts.push({ startSector: next, sectorCount: endOf(range) - next });
  return parts;
}

/** The same sectors as disjoint ranges, ascending. */
function merge(ranges: readonly SectorRange[]): SectorRange[] {
  const merged: SectorRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.startSector - b.startSector)) {
    const last = merged.at(-1);
    if (last === undefined || endOf(last) < range.startSector) {
      merged.push(range);
    } else {
      const end = Math.max(endOf(last), endOf(range));
      merged[merged.length - 1] = {
        startSector: last.startSector,
        sectorCount: end - last.startSector,
      };
    }
  }
  return merged;
}
