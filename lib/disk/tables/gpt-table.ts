/**
 * Reads a GPT from its two copies. Both are kept as they are when both are sound. A damaged copy is rebuilt in
 * the areas from the sound one, and a warning says so: restored as it is, it would leave clones that Linux does not
 * read (a damaged primary) or that nothing can save (a damaged backup).
 */

import { OperatorError } from '../../errors.ts';
import { render } from '../../messages/render.ts';
import type { Message } from '../../model/message.ts';
import { message } from '../../model/messages/table.ts';
import type { GptPartition, TableArea } from '../../model/partition-table.ts';
import { bytesToSectors, sectorsToBytes } from '../../units.ts';
import {
  backupArea,
  backupOf,
  copyExtent,
  lastUsableSectorOn,
  PRIMARY_SECTOR,
  primaryArea,
  readGptCopy,
  withBackupAtEnd,
  type GptCopy,
  type GptCopyReading,
} from './gpt-copies.ts';
import {
  damageOf,
  GPT_SIGNATURE,
  parseGptEntries,
  toPartition,
  UNUSED_TYPE,
  type GptDamage,
  type GptHeader,
} from './gpt.ts';
import { badTable, checkDisjoint, checkInsideDisk } from './table-checks.ts';
import type { SectorReader } from '../sector-reader.ts';
import { tableArea, type TableOnDisk } from './table-area.ts';

/** The areas travel as base64 inside one message (MAX_MESSAGE_BYTES); with `sgdisk -j` 1 MiB is usual. */
const MAX_AREA_BYTES = 8 * 1024 * 1024;

/** The primary's header and entries count; `areas` hold both copies, `warnings` what was wrong with them. */
type SoundGpt = {
  readonly primary: GptCopy;
  readonly backup: GptHeader;
  readonly areas: readonly TableArea[];
  readonly warnings: readonly Message[];
};

/**
 * The GPT of a disk whose sector 0 is the protective (or hybrid) MBR `mbrSector`. Throws OperatorError
 * partition-table-bad when neither copy is sound, and, naming the partition, when one overlaps another or the GPT
 * itself or ends after the disk; disk-sector-size when the GPT was made for another sector size; disk-read-failed.
 */
export async function readGptTable(reader: SectorReader, mbrSector: Buffer): Promise<TableOnDisk> {
  const { primary, backup, areas, warnings } = await readCopies(reader);
  const { header } = primary;
  const partitions = partitionsOf(reader, primary);
  const extents = partitions.map(({ number, startSector, sectorCount }) => ({
    label: `partition ${number}`,
    startSector,
    sectorCount,
  }));
  checkInsideDisk(reader.name, extents, reader.diskSectors);
  checkDisjoint(reader.name, [
    { label: 'the protective MBR', startSector: 0, sectorCount: 1 },
    { label: 'the primary GPT', ...copyExtent(header, reader.sectorSizeBytes) },
    ...extents,
    { label: 'the backup GPT', ...copyExtent(backup, reader.sectorSizeBytes) },
  ]);
  return {
    table: {
      type: 'gpt',
      diskGuid: header.diskGuid,
      sectorSizeBytes: reader.sectorSizeBytes,
      diskSectors: reader.diskSectors,
      firstUsableSector: header.firstUsableSector,
      lastUsableSector: header.lastUsableSector,
      entriesSector: header.entriesSector,
      entryCount: header.entryCount,
      entrySizeBytes: header.entrySizeBytes,
      backupHeaderSector: header.alternateSector,
      partitions,
    },
    areas: [tableArea('mbr', 0, mbrSector, reader.sectorSizeBytes), ...areas],
    warnings: partitions.length === 0 ? [...warnings, message('note.no-partition')] : warnings,
  };
}

async function readCopies(reader: SectorReader): Promise<SoundGpt> {
  const lastSector = reader.diskSectors - 1;
  const primary = await readGptCopy(reader, PRIMARY_SECTOR);
  if (primary.type === 'sound') {
    const backup = await readBackupOf(reader, primary.copy.header);
    return backup.type === 'sound'
      ? keepBoth(reader, primary.copy, backup.copy)
      : repairBackup(reader, primary.copy, damageOf(backup));
  }
  const backup = await readGptCopy(reader, lastSector);
  if (backup.type === 'sound') return repairPrimary(reader, primary, backup.copy);
  await refuseOtherSectorSize(reader);
  throw badTable(
    reader.name,
    `there is a protective MBR, but neither copy of the GPT can be read (primary in sector ${PRIMARY_SECTOR}: ${render('en', damageOf(primary))}; backup in sector ${lastSector}: ${render('en', damageOf(backup))})`,
    'Repair the GPT with `gdisk` (recovery menu), or make a new partition table.',
  );
}

async function readBackupOf(
  reader: SectorReader,
  { alternateSector }: GptHeader,
): Promise<GptCopyReading> {
  if (alternateSector > PRIMARY_SECTOR) return readGptCopy(reader, alternateSector);
  const damage = message('gpt.claimed-sector', { sector: alternateSector });
  return { type: 'damaged', damage, header: null };
}

async function keepBoth(
  reader: SectorReader,
  primary: GptCopy,
  backup: GptCopy,
): Promise<SoundGpt> {
  const warnings: Message[] = [];
  if (primary.header.alternateSector !== reader.diskSectors - 1) {
    warnings.push(
      message('note.backup-gpt-not-last', {
        sector: primary.header.alternateSector,
        lastSector: reader.diskSectors - 1,
      }),
    );
  }
  const differs =
    backup.header.entriesCrc !== primary.header.entriesCrc ||
    backup.header.diskGuid !== primary.header.diskGuid;
  if (differs) {
    warnings.push(message('note.gpt-copies-differ'));
  }
  return {
    primary,
    backup: backup.header,
    areas: [
      await areaOnDisk(reader, 'gpt-primary', primary.header),
      await areaOnDisk(reader, 'gpt-backup', backup.header),
    ],
    warnings,
  };
}

async function repairBackup(
  reader: SectorReader,
  primary: GptCopy,
  damage: GptDamage,
): Promise<SoundGpt> {
  const { sectorSizeBytes, diskSectors } = reader;
  const lastUsable = lastUsableSectorOn(primary.header, sectorSizeBytes, diskSectors);
  const header = withBackupAtEnd(
    primary.header,
    Math.min(primary.header.lastUsableSector, lastUsable),
    diskSectors,
  );
  if (header.firstUsableSector > header.lastUsableSector) {
    throw badTable(
      reader.name,
      `the backup GPT cannot be used (${render('en', damage)}), and the disk has no room for another one`,
    );
  }
  const backup = backupOf(header, sectorSizeBytes);
  const copy = { header, entryBytes: primary.entryBytes };
  return {
    primary: copy,
    backup,
    areas: [
      primaryArea(copy, await sectorsBeforeEntries(reader, header), sectorSizeBytes),
      backupArea({ header: backup, entryBytes: primary.entryBytes }, sectorSizeBytes),
    ],
    warnings: [
      message('note.backup-gpt-unusable', { sector: primary.header.alternateSector, damage }),
    ],
  };
}

async function repairPrimary(
  reader: SectorReader,
  damaged: Exclude<GptCopyReading, { type: 'sound' }>,
  backup: GptCopy,
): Promise<SoundGpt> {
  const known = damaged.type === 'damaged' ? damaged.header : null;
  const sameSize =
    known?.entryCount === backup.header.entryCount &&
    known.entrySizeBytes === backup.header.entrySizeBytes;
  const entriesSector = sameSize ? known.entriesSector : PRIMARY_SECTOR + 1;
  const header: GptHeader = {
    ...backup.header,
    ownSector: PRIMARY_SECTOR,
    alternateSector: backup.header.ownSector,
    entriesSector,
  };
  const copy = { header, entryBytes: backup.entryBytes };
  return {
    primary: copy,
    backup: backup.header,
    areas: [
      primaryArea(copy, await sectorsBeforeEntries(reader, header), reader.sectorSizeBytes),
      await areaOnDisk(reader, 'gpt-backup', backup.header),
    ],
    warnings: [
      message('note.primary-gpt-unusable', {
        sector: backup.header.ownSector,
        damage: damageOf(damaged),
      }),
    ],
  };
}

/** What the disk has between header and entries: nothing as a rule, a boot loader after `sgdisk -j`. */
async function sectorsBeforeEntries(reader: SectorReader, header: GptHeader): Promise<Buffer> {
  checkAreaSize(reader, header);
  return reader.read(PRIMARY_SECTOR + 1, header.entriesSector - PRIMARY_SECTOR - 1);
}

async function areaOnDisk(
  reader: SectorReader,
  kind: TableArea['kind'],
  header: GptHeader,
): Promise<TableArea> {
  checkAreaSize(reader, header);
  const { startSector, sectorCount } = copyExtent(header, reader.sectorSizeBytes);
  const data = await reader.read(startSector, sectorCount);
  return tableArea(kind, startSector, data, reader.sectorSizeBytes);
}

function checkAreaSize(reader: SectorReader, header: GptHeader): void {
  const { sectorCount } = copyExtent(header, reader.sectorSizeBytes);
  if (sectorsToBytes(sectorCount, reader.sectorSizeBytes) > MAX_AREA_BYTES) {
    throw badTable(
      reader.name,
      `the GPT in sector ${header.ownSector} has its entries in sector ${header.entriesSector}, more than ${MAX_AREA_BYTES} bytes away`,
      'Move the entries next to the header: `sgdisk --move-main-table=2`.',
    );
  }
}

function partitionsOf(reader: SectorReader, { header, entryBytes }: GptCopy): GptPartition[] {
  return parseGptEntries(entryBytes, header).flatMap((entry, index) => {
    if (entry.typeGuid === UNUSED_TYPE) return [];
    const partition = toPartition(entry, index + 1);
    if (partition === null) return [];
    if (partition === 'damaged') {
      throw badTable(
        reader.name,
        `partition ${index + 1} has sectors that no disk has (${entry.firstSector.toString()} to ${entry.lastSector.toString()})`,
      );
    }
    return [partition];
  });
}

/** A disk moved between controllers can change its logical sector size: its GPT then begins at another byte. */
async function refuseOtherSectorSize(reader: SectorReader): Promise<void> {
  const own = reader.sectorSizeBytes;
  for (const other of [512, 1024, 2048, 4096].filter((size) => size !== own)) {
    const sector = bytesToSectors(other, own);
    if (sector >= reader.diskSectors) continue;
    const offset = other - sectorsToBytes(sector, own);
    const bytes = (await reader.read(sector, 1)).subarray(offset, offset + GPT_SIGNATURE.length);
    if (bytes.equals(GPT_SIGNATURE)) {
      throw new OperatorError({
        code: 'disk-sector-size',
        message: `reading the partition table of ${reader.name}: its GPT is for sectors of ${other} bytes, the disk has sectors of ${own} bytes`,
        hint: 'Attach the disk the way it was attached when it was partitioned (USB adapters change the sector size).',
      });
    }
  }
}
