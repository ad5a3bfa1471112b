/** Reads an MBR and its EBR chains as one table. */

import type { Message } from '../../model/message.ts';
import { message } from '../../model/messages/table.ts';
import type { MbrPartition, TableArea } from '../../model/partition-table.ts';
import { readEbrChain } from './ebr.ts';
import { badTable, checkDisjoint, checkInsideDisk, type Extent } from './table-checks.ts';
import { isExtended, isUsed, parseMbrSector } from './mbr.ts';
import type { SectorReader } from '../sector-reader.ts';
import { tableArea, type TableOnDisk } from './table-area.ts';

const FIRST_LOGICAL_NUMBER = 5;

/**
 * The table that an MBR, sector 0 of the disk, begins. Throws OperatorError partition-table-bad, naming the
 * partition, for one that overlaps another or an EBR or ends after the disk, and as readEbrChain.
 */
export async function readMbrTable(reader: SectorReader, sector: Buffer): Promise<TableOnDisk> {
  const mbr = parseMbrSector(sector);
  if (mbr === null) throw badTable(reader.name, 'there is no MBR');
  const primaries = mbr.entries.flatMap((entry, index): MbrPartition[] =>
    isUsed(entry)
      ? [
          {
            number: index + 1,
            kind: isExtended(entry) ? 'extended' : 'primary',
            startSector: entry.startSector,
            sectorCount: entry.sectorCount,
            typeByte: entry.typeByte,
            active: entry.status === 0x80,
            ebrSector: null,
          },
        ]
      : [],
  );
  const mbrExtent = { label: 'the MBR', startSector: 0, sectorCount: 1 };
  checkInsideDisk(reader.name, primaries.map(extentOf), reader.diskSectors);
  checkDisjoint(reader.name, [mbrExtent, ...primaries.map(extentOf)]);

  const logicals: MbrPartition[] = [];
  const areas: TableArea[] = [tableArea('mbr', 0, sector, reader.sectorSizeBytes)];
  const warnings: Message[] = [];
  for (const extended of primaries.filter(({ kind }) => kind === 'extended')) {
    const chain = await readEbrChain(reader, extended, FIRST_LOGICAL_NUMBER + logicals.length);
    const ebrs = chain.areas.map(({ startSector, sectorCount }) => {
      const owner = chain.logicals.find(({ ebrSector }) => ebrSector === startSector);
      const label = owner === undefined ? 'an empty EBR' : `the EBR of partition ${owner.number}`;
      return { label, startSector, sectorCount };
    });
    checkDisjoint(reader.name, [...ebrs, ...chain.logicals.map(extentOf)]);
    logicals.push(...chain.logicals);
    areas.push(...chain.areas);
    warnings.push(...chain.warnings);
  }
  const partitions = [...primaries, ...logicals];
  if (partitions.length === 0) {
    warnings.push(message('note.only-boot-code'));
  }
  return {
    table: {
      type: 'dos',
      diskSignature: mbr.diskSignature.toString(16).padStart(8, '0'),
      sectorSizeBytes: reader.sectorSizeBytes,
      diskSectors: reader.diskSectors,
      partitions,
    },
    areas,
    warnings,
  };
}

function extentOf({ number, startSector, sectorCount }: MbrPartition): Extent {
  return { label: `partition ${number}`, startSector, sectorCount };
}
