/**
 * The chain of EBRs in an extended partition. An EBR sector has the layout of an MBR (parseMbrSector and
 * writeMbrSector are its codec); its entries mean something else: a logical partition counts its start from its own
 * EBR, the link to the next EBR counts from the beginning of the extended partition. Which entries count and how
 * partitions are numbered is as in Linux, block/partitions/msdos.c, parse_extended().
 */

import type { Message } from '../../model/message.ts';
import { message } from '../../model/messages/table.ts';
import type { MbrPartition, TableArea } from '../../model/partition-table.ts';
import type { Sectors } from '../../units.ts';
import { badTable, describeExtent, type Extent } from './table-checks.ts';
import { endOf } from './ranges.ts';
import { isExtended, isUsed, parseMbrSector, type MbrEntry, type MbrSector } from './mbr.ts';
import type { SectorReader } from '../sector-reader.ts';
import { tableArea } from './table-area.ts';

export type EbrChain = {
  readonly logicals: readonly MbrPartition[];
  /** One area per EBR, in the order of the chain. */
  readonly areas: readonly TableArea[];
  readonly warnings: readonly Message[];
};

/**
 * Reads the chain of `extended`, which lies inside the disk; the first logical partition gets `firstNumber`.
 * Throws OperatorError partition-table-bad for a loop, an EBR outside the extended partition, a link to a sector
 * that is no EBR, and a logical partition outside the extended one; disk-read-failed.
 */
/** Linux numbers 256 partitions of a disk (block/genhd, DISK_MAX_PARTS); empty links come on top. A chain may otherwise be as long as the disk. */
const MAX_LINKS = 512;

export async function readEbrChain(
  reader: SectorReader,
  extended: MbrPartition,
  firstNumber: number,
): Promise<EbrChain> {
  const logicals: MbrPartition[] = [];
  const areas: TableArea[] = [];
  const visited = new Set<Sectors>();
  let ebrSector: Sectors | null = extended.startSector;
  while (ebrSector !== null) {
    const sector = await reader.read(ebrSector, 1);
    const ebr = parseMbrSector(sector);
    if (ebr === null) {
      if (visited.size > 0) {
        throw badTable(
          reader.name,
          `the EBR after partition ${firstNumber + logicals.length - 1}, in sector ${ebrSector}, is none`,
        );
      }
      // fdisk and Windows may leave a new extended partition without its first EBR.
      const warning = message('note.no-ebr', { partition: extended.number });
      return { logicals, areas, warnings: [warning] };
    }
    visited.add(ebrSector);
    if (visited.size > MAX_LINKS) {
      throw badTable(
        reader.name,
        `its logical partitions are a chain of more than ${MAX_LINKS} EBRs`,
      );
    }
    areas.push(tableArea('ebr', ebrSector, sector, reader.sectorSizeBytes));
    logicals.push(
      ...logicalsOf(reader.name, ebr, ebrSector, extended, firstNumber + logicals.length),
    );
    ebrSector = nextEbr(reader.name, ebr, extended, visited, firstNumber + logicals.length);
  }
  return { logicals, areas, warnings: [] };
}

function logicalsOf(
  name: string,
  ebr: MbrSector,
  ebrSector: Sectors,
  extended: MbrPartition,
  firstNumber: number,
): MbrPartition[] {
  return ebr.entries
    .filter((entry) => isUsed(entry) && !isExtended(entry))
    .filter((entry) => {
      // The kernel has met random garbage in the third and fourth entries: they count only where they can.
      const trusted = entry === ebr.entries[0] || entry === ebr.entries[1];
      return trusted || isInside(extended, extentOf(entry, ebrSector, 0));
    })
    .map((entry, index) => {
      const number = firstNumber + index;
      const extent = extentOf(entry, ebrSector, number);
      if (!isInside(extended, extent)) {
        throw badTable(
          name,
          `${describeExtent(extent)} is not inside the extended partition ${extended.number} (sectors ${extended.startSector} to ${endOf(extended) - 1})`,
        );
      }
      return {
        number,
        kind: 'logical',
        startSector: extent.startSector,
        sectorCount: extent.sectorCount,
        typeByte: entry.typeByte,
        active: entry.status === 0x80,
        ebrSector,
      };
    });
}

function extentOf(entry: MbrEntry, ebrSector: Sectors, number: number): Extent {
  return {
    label: `partition ${number}`,
    startSector: ebrSector + entry.startSector,
    sectorCount: entry.sectorCount,
  };
}

function isInside(extended: MbrPartition, extent: Extent): boolean {
  return extent.startSector >= extended.startSector && endOf(extent) <= endOf(extended);
}

function nextEbr(
  name: string,
  ebr: MbrSector,
  extended: MbrPartition,
  visited: ReadonlySet<Sectors>,
  nextNumber: number,
): Sectors | null {
  const link = ebr.entries.find(isExtended);
  if (link === undefined) return null;
  const sector = extended.startSector + link.startSector;
  if (visited.has(sector)) {
    throw badTable(
      name,
      `the chain of EBRs returns to sector ${sector} before partition ${nextNumber}: it has no end`,
    );
  }
  if (sector >= endOf(extended)) {
    throw badTable(
      name,
      `the EBR of partition ${nextNumber} in sector ${sector} is not inside the extended partition ${extended.number} (sectors ${extended.startSector} to ${endOf(extended) - 1})`,
    );
  }
  return sector;
}
