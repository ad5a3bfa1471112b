/** What every partition table must keep to before anything is copied by it. */

import { OperatorError } from '../../errors.ts';
import type { Sectors, SectorRange } from '../../units.ts';
import { endOf } from './ranges.ts';

/** Something that occupies sectors, with the name an error gives it: "partition 3", "the primary GPT". */
export type Extent = SectorRange & { readonly label: string };

/** There is no table that can be used because the whole disk is something else, which the message names. */
export class WholeDiskTaken extends OperatorError {}

const REPAIR_HINT =
  'Look at the disk with `sfdisk --verify` and repair the table before capturing.';

/** The error for a partition table that cannot be used: `problem` names the partition. */
export function badTable(name: string, problem: string, hint = REPAIR_HINT): OperatorError {
  return new OperatorError(fault(name, problem, hint));
}

/** The error for a disk that is something else as a whole: `problem` names it. */
export function wholeDiskTaken(name: string, problem: string, hint: string): WholeDiskTaken {
  return new WholeDiskTaken(fault(name, problem, hint));
}

function fault(
  name: string,
  problem: string,
  hint: string,
): ConstructorParameters<typeof OperatorError>[0] {
  const message = `reading the partition table of ${name}: ${problem}`;
  return { code: 'partition-table-bad', message, hint };
}

/** Throws OperatorError partition-table-bad, naming the first extent that ends after the disk. */
export function checkInsideDisk(
  name: string,
  extents: readonly Extent[],
  diskSectors: Sectors,
): void {
  for (const extent of extents) {
    if (extent.startSector + extent.sectorCount > diskSectors) {
      throw badTable(
        name,
        `${describeExtent(extent)} ends after the disk, which has ${diskSectors} sectors`,
      );
    }
  }
}

/** Throws OperatorError partition-table-bad, naming the first two extents that have a sector in common. */
export function checkDisjoint(name: string, extents: readonly Extent[]): void {
  const sorted = extents
    .filter(({ sectorCount }) => sectorCount > 0)
    .toSorted((a, b) => a.startSector - b.startSector);
  let previous: Extent | undefined;
  for (const extent of sorted) {
    if (previous !== undefined && endOf(previous) > extent.startSector) {
      throw badTable(
        name,
        `${describeExtent(previous)} and ${describeExtent(extent)} have sectors in common`,
      );
    }
    previous = extent;
  }
}

/** "partition 3 (sectors 2048 to 4095)". */
export function describeExtent(extent: Extent): string {
  return `${extent.label} (sectors ${extent.startSector} to ${endOf(extent) - 1})`;
}
