/** Fitting a GPT to a disk of another size. */

import type { OperatorError } from '../../errors.ts';
import { render } from '../../messages/render.ts';
import type { GptTable, TableArea } from '../../model/partition-table.ts';
import { sectorsToBytes, type Sectors } from '../../units.ts';
import { unreachable } from '../../unreachable.ts';
import {
  backupArea,
  backupOf,
  lastUsableSectorOn,
  PRIMARY_SECTOR,
  primaryArea,
  withBackupAtEnd,
  type GptCopy,
} from './gpt-copies.ts';
import { arraySectors, damageOf, parseGptHeader } from './gpt.ts';
import { badTable } from './table-checks.ts';
import {
  isProtective,
  isUsed,
  MAX_MBR_SECTORS,
  parseMbrSector,
  writeMbrSector,
  type MbrEntry,
} from './mbr.ts';
import { endOf } from './ranges.ts';
import { areaBytes, tableArea } from './table-area.ts';

/**
 * The areas for a disk of `targetSectors`: the backup in its last sectors, LastUsableLBA right before them, checksums, and a
 * protective MBR of the new size; other entries of a hybrid MBR stay. Throws OperatorError partition-table-bad when `areas` are
 * not those of `table`.
 */
export function fitGpt(
  areas: readonly TableArea[],
  table: GptTable,
  targetSectors: Sectors,
): TableArea[] {
  return areas.map((area) => fitArea(area, areas, table, targetSectors));
}

function fitArea(
  area: TableArea,
  areas: readonly TableArea[],
  table: GptTable,
  targetSectors: Sectors,
): TableArea {
  switch (area.kind) {
    case 'mbr':
      return fitProtectiveMbr(area, table, targetSectors);
    case 'gpt-primary': {
      const { copy, between } = fitPrimary(area, table, targetSectors);
      return primaryArea(copy, between, table.sectorSizeBytes);
    }
    case 'gpt-backup': {
      // From the primary, so that a backup that differed on the source does not differ on the clone.
      const primary = areas.find(({ kind }) => kind === 'gpt-primary');
      if (primary === undefined) throw wrongAreas('there is no primary GPT');
      const { copy } = fitPrimary(primary, table, targetSectors);
      const header = backupOf(copy.header, table.sectorSizeBytes);
      return backupArea({ header, entryBytes: copy.entryBytes }, table.sectorSizeBytes);
    }
    case 'ebr':
      return area;
    default:
      return unreachable(area.kind);
  }
}

function fitPrimary(
  area: TableArea,
  table: GptTable,
  targetSectors: Sectors,
): { copy: GptCopy; between: Buffer } {
  const { sectorSizeBytes } = table;
  const bytes = areaBytes(area, sectorSizeBytes);
  const reading = parseGptHeader(bytes.subarray(0, sectorSizeBytes), PRIMARY_SECTOR);
  if (reading.type !== 'sound') {
    throw wrongAreas(`the primary GPT cannot be read (${render('en', damageOf(reading))})`);
  }
  const { header } = reading;
  const entriesOffset = sectorsToBytes(header.entriesSector - PRIMARY_SECTOR, sectorSizeBytes);
  const entrySectors = arraySectors(header, sectorSizeBytes);
  const entriesEnd = entriesOffset + sectorsToBytes(entrySectors, sectorSizeBytes);
  if (
    header.entriesSector !== table.entriesSector ||
    header.entryCount !== table.entryCount ||
    header.entrySizeBytes !== table.entrySizeBytes ||
    entriesEnd !== bytes.length
  ) {
    throw wrongAreas('the primary GPT is another one');
  }
  const lastUsable = lastUsableSectorOn(header, sectorSizeBytes, targetSectors);
  return {
    copy: {
      header: withBackupAtEnd(header, lastUsable, targetSectors),
      entryBytes: bytes.subarray(entriesOffset, entriesEnd),
    },
    between: bytes.subarray(sectorSizeBytes, entriesOffset),
  };
}

function fitProtectiveMbr(area: TableArea, table: GptTable, targetSectors: Sectors): TableArea {
  const mbr = parseMbrSector(areaBytes(area, table.sectorSizeBytes));
  if (mbr === null) throw wrongAreas('there is no protective MBR');
  const isHybrid = mbr.entries.filter(isUsed).length > 1;
  const entries = mbr.entries.map((entry) =>
    isProtective(entry) ? fitProtectiveEntry(entry, isHybrid, table, targetSectors) : entry,
  );
  return tableArea('mbr', 0, writeMbrSector({ ...mbr, entries }), table.sectorSizeBytes);
}

/**
 * The entry with its size changed when it protects up to the end of the disk; one that protects only a part, as in
 * a hybrid MBR, stays. The largest size on a disk that is smaller stays too: Windows writes it for disks of any size.
 */
function fitProtectiveEntry(
  entry: MbrEntry,
  isHybrid: boolean,
  table: GptTable,
  targetSectors: Sectors,
): MbrEntry {
  const isForAnySize = entry.sectorCount === MAX_MBR_SECTORS && table.diskSectors < MAX_MBR_SECTORS;
  if (isForAnySize || entry.startSector >= targetSectors) return entry;
  const end = endOf(entry);
  if (isHybrid && end < table.diskSectors && end <= targetSectors) return entry;
  return {
    ...entry,
    sectorCount: Math.min(targetSectors - entry.startSector, MAX_MBR_SECTORS),
  };
}

function wrongAreas(problem: string): OperatorError {
  return badTable(
    'the image',
    problem,
    'The image is damaged: verify it with `openclone image verify`.',
  );
}
