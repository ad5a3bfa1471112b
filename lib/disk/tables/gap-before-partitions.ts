/** The gap that every kind of partition table can have: from its end to the first partition. */

import type { SectorRange, Sectors } from '../../units.ts';

/** From `startSector` to the first of `partitions`; none when there is no partition, or no sector in between. */
export function gapBeforePartitions(
  startSector: Sectors,
  partitions: readonly SectorRange[],
): SectorRange[] {
  if (partitions.length === 0) return [];
  const end = Math.min(...partitions.map((partition) => partition.startSector));
  return end > startSector ? [{ startSector, sectorCount: end - startSector }] : [];
}
