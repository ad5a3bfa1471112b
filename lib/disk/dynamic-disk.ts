/**
 * Windows dynamic disks (Logical Disk Manager). With an MBR, the database lies in the last MiB of the disk, behind all partitions,
 * and a private header in sector 6 says where; with a GPT it has a partition of its own.
 * Layout: block/partitions/ldm.c of Linux, parse_privhead().
 */

import type { PartitionTable } from '../model/partition-table.ts';
import { bytesToSectors, type SectorRange } from '../units.ts';
import { endOf, subtract } from './tables/ranges.ts';
import type { SectorReader } from './sector-reader.ts';

const LDM_TYPE_BYTE = 0x42;
/** LDM metadata and LDM data partitions. */
const LDM_TYPE_GUIDS = [
  '5808C8AA-7E8F-42E0-85D2-E1E90434CFB3',
  'AF9B60A0-1431-4F62-BC68-3311714A69AD',
];
const PRIVATE_HEADER_SECTOR = 6;
const CONFIG_START_OFFSET = 0x12b;
const CONFIG_SIZE_OFFSET = 0x133;
const USUAL_DATABASE_BYTES = 1024 * 1024;
/** A database that is claimed to be larger is none: the header is damaged. */
const MAX_DATABASE_BYTES = 32 * 1024 * 1024;

export function isDynamicPartition(partition: PartitionTable['partitions'][number]): boolean {
  return 'typeByte' in partition
    ? partition.typeByte === LDM_TYPE_BYTE
    : LDM_TYPE_GUIDS.includes(partition.typeGuid);
}

/** The sectors of the database that are in no partition; none when the disk is no dynamic one. Throws disk-read-failed. */
export async function dynamicDiskAreas(
  reader: SectorReader,
  table: PartitionTable,
): Promise<SectorRange[]> {
  if (table.type !== 'dos' || !table.partitions.some(isDynamicPartition)) return [];
  const { diskSectors, sectorSizeBytes } = reader;
  const count = Math.min(diskSectors - 1, bytesToSectors(USUAL_DATABASE_BYTES, sectorSizeBytes));
  const last = { startSector: diskSectors - count, sectorCount: count };
  const told = await databaseOfHeader(reader);
  const taken = [
    { startSector: 0, sectorCount: 1 },
    ...table.partitions.filter((each) => each.kind !== 'extended'),
    ...table.partitions.flatMap(({ ebrSector }) =>
      ebrSector === null ? [] : [{ startSector: ebrSector, sectorCount: 1 }],
    ),
  ];
  const areas = subtract(last, taken);
  return told === null ? areas : [...subtract(told, [...taken, last]), ...areas];
}

async function databaseOfHeader(reader: SectorReader): Promise<SectorRange | null> {
  if (reader.diskSectors <= PRIVATE_HEADER_SECTOR) return null;
  const header = await reader.read(PRIVATE_HEADER_SECTOR, 1);
  if (header.toString('latin1', 0, 8) !== 'PRIVHEAD') return null;
  const range = {
    startSector: Number(header.readBigUInt64BE(CONFIG_START_OFFSET)),
    sectorCount: Number(header.readBigUInt64BE(CONFIG_SIZE_OFFSET)),
  };
  const isSound =
    range.startSector > 0 &&
    range.sectorCount <= bytesToSectors(MAX_DATABASE_BYTES, reader.sectorSizeBytes) &&
    endOf(range) <= reader.diskSectors;
  return isSound ? range : null;
}
