/** The two copies of a GPT: reading one, and putting the backup where it belongs. */

import { message } from '../../model/messages/table.ts';
import type { TableArea } from '../../model/partition-table.ts';
import { sectorsToBytes, type Bytes, type Sectors } from '../../units.ts';
import {
  arraySectors,
  entriesCrcOf,
  parseGptHeader,
  writeGptHeader,
  type GptDamage,
  type GptHeader,
} from './gpt.ts';
import type { SectorReader } from '../sector-reader.ts';
import { tableArea } from './table-area.ts';

/** One sound copy: header and the whole sectors of its entry array. */
export type GptCopy = { readonly header: GptHeader; readonly entryBytes: Buffer };

export type GptCopyReading =
  | { readonly type: 'sound'; readonly copy: GptCopy }
  | { readonly type: 'absent' }
  /** `header` is there when only the entries are damaged. */
  | { readonly type: 'damaged'; readonly damage: GptDamage; readonly header: GptHeader | null };

export const PRIMARY_SECTOR = 1;

/** Reads and checks the copy whose header is in `headerSector` of the disk. Throws disk-read-failed. */
export async function readGptCopy(
  reader: SectorReader,
  headerSector: Sectors,
): Promise<GptCopyReading> {
  if (headerSector >= reader.diskSectors) return { type: 'absent' };
  const reading = parseGptHeader(await reader.read(headerSector, 1), headerSector);
  if (reading.type === 'absent') return reading;
  if (reading.type === 'damaged') return { ...reading, header: null };
  const { header } = reading;
  const entrySectors = arraySectors(header, reader.sectorSizeBytes);
  const end = header.entriesSector + entrySectors;
  const inPlace =
    headerSector === PRIMARY_SECTOR
      ? header.entriesSector > PRIMARY_SECTOR && end <= reader.diskSectors
      : end <= headerSector;
  if (!inPlace) {
    const damage = message('gpt.entries-place', { sector: header.entriesSector });
    return { type: 'damaged', damage, header: null };
  }
  const entryBytes = await reader.read(header.entriesSector, entrySectors);
  if (entriesCrcOf(entryBytes, header) !== header.entriesCrc) {
    return { type: 'damaged', damage: message('gpt.entries-checksum'), header };
  }
  return { type: 'sound', copy: { header, entryBytes } };
}

/** The sectors a copy takes, header to end of the entries or entries to header. */
export function copyExtent(
  header: GptHeader,
  sectorSizeBytes: Bytes,
): { startSector: Sectors; sectorCount: Sectors } {
  const entriesEnd = header.entriesSector + arraySectors(header, sectorSizeBytes);
  const startSector = Math.min(header.ownSector, header.entriesSector);
  return { startSector, sectorCount: Math.max(header.ownSector + 1, entriesEnd) - startSector };
}

/** The last sector that partitions can have on a disk of `diskSectors`, backup entries and header behind it. */
export function lastUsableSectorOn(
  header: Pick<GptHeader, 'entryCount' | 'entrySizeBytes'>,
  sectorSizeBytes: Bytes,
  diskSectors: Sectors,
): Sectors {
  return diskSectors - 1 - arraySectors(header, sectorSizeBytes) - 1;
}

/** `primary` made to match a backup in the last sector of a disk of `diskSectors`. */
export function withBackupAtEnd(
  primary: GptHeader,
  lastUsableSector: Sectors,
  diskSectors: Sectors,
): GptHeader {
  return { ...primary, alternateSector: diskSectors - 1, lastUsableSector };
}

/** The backup header that belongs to `primary`: the same, its entries right before it. */
export function backupOf(primary: GptHeader, sectorSizeBytes: Bytes): GptHeader {
  return {
    ...primary,
    ownSector: primary.alternateSector,
    alternateSector: PRIMARY_SECTOR,
    entriesSector: primary.alternateSector - arraySectors(primary, sectorSizeBytes),
  };
}

/** The area of a backup whose entries lie right before its header. */
export function backupArea({ header, entryBytes }: GptCopy, sectorSizeBytes: Bytes): TableArea {
  const data = Buffer.concat([entryBytes, writeGptHeader(header)]);
  return tableArea('gpt-backup', header.entriesSector, data, sectorSizeBytes);
}

/** The area of a primary GPT; `between` is what the disk has from sector 2 up to the entries. */
export function primaryArea(
  { header, entryBytes }: GptCopy,
  between: Buffer,
  sectorSizeBytes: Bytes,
): TableArea {
  const betweenBytes = sectorsToBytes(header.entriesSector - PRIMARY_SECTOR - 1, sectorSizeBytes);
  if (between.length !== betweenBytes) {
    throw new RangeError(
      `${between.length} bytes do not reach from the GPT header to sector ${header.entriesSector}`,
    );
  }
  const data = Buffer.concat([writeGptHeader(header), between, entryBytes]);
  return tableArea('gpt-primary', PRIMARY_SECTOR, data, sectorSizeBytes);
}
