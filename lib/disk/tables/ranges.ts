/** Arithmetic on ranges of sectors. */

import type { SectorRange, Sectors } from '../../units.ts';

/** The first sector after `range`. */
export function endOf(range: SectorRange): Sectors {
  return range.startSector + range.sectorCount;
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
export function merge(ranges: readonly SectorRange[]): SectorRange[] {
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
