/** Reads the partition table of a disk, of any kind. */

import type { OperatorError } from '../../errors.ts';
import { bytesToSectors } from '../../units.ts';
import { GPT_SIGNATURE } from './gpt.ts';
import { PRIMARY_SECTOR } from './gpt-copies.ts';
import { TABLE_KINDS } from './kinds.ts';
import { badTable, wholeDiskTaken } from './table-checks.ts';
import { isProtective, parseMbrSector } from './mbr.ts';
import type { SectorReader } from '../sector-reader.ts';
import { filesystemOfBootSector, hasBootFlags, isPlausibleTable } from './superfloppy.ts';
import type { TableOnDisk } from './table-area.ts';

/**
 * Reads the table and the raw sectors it is made of. Areas: "mbr" is sector 0; "gpt-primary" sector 1 to the end of
 * the entry array; "gpt-backup" the backup's entries and header; one "ebr" per EBR. Throws OperatorError
 * partition-table-bad when there is no table or it cannot be trusted (the message names the partition),
 * disk-sector-size when a GPT is for another sector size, disk-read-failed.
 */
export async function readPartitionTable(reader: SectorReader): Promise<TableOnDisk> {
  const onDisk = await readAnyTable(reader).catch(async (error: unknown) => {
    const isoName = await isoImageOn(reader);
    throw isoName === null ? error : isoImage(reader.name, isoName);
  });
  for (const { number } of onDisk.table.partitions) {
    if (number > MAX_PARTITION_NUMBER) throw unknownNumber(reader.name, number);
  }
  return onDisk;
}

/** The name of the ISO 9660 file system that begins with the disk (ECMA-119, 8.4), as on a stick that was made from an ISO file. */
async function isoImageOn(reader: SectorReader): Promise<string | null> {
  const sector = bytesToSectors(ISO_DESCRIPTOR_BYTE, reader.sectorSizeBytes);
  if (sector >= reader.diskSectors) return null;
  const descriptor = await reader.read(sector, 1);
  if (descriptor.toString('latin1', 1, 6) !== 'CD001') return null;
  return descriptor
    .toString('latin1', 40, 72)
    .replace(/[^ -~]/g, ' ')
    .trim();
}

const ISO_DESCRIPTOR_BYTE = 32_768;

function isoImage(name: string, isoName: string): OperatorError {
  return wholeDiskTaken(
    name,
    `it is written with the ISO image "${isoName}", whose table overlaps itself so that the same file serves as CD and as disk`,
    'Such a disk has nothing but the ISO file: write that file to the other disks, with `dd` for example. If another disk was meant, choose it.',
  );
}

/** Linux has no device for more, whatever the table allows (DISK_MAX_PARTS in linux/genhd.h). */
const MAX_PARTITION_NUMBER = 255;

function unknownNumber(name: string, number: number): OperatorError {
  return badTable(
    name,
    `partition ${number} cannot be read, as Linux knows no partition after ${MAX_PARTITION_NUMBER}`,
    'Give the partitions lower numbers (`sgdisk --sort` numbers them in the order of the disk), then capture again.',
  );
}

async function readAnyTable(reader: SectorReader): Promise<TableOnDisk> {
  if (reader.diskSectors === 0) throw badTable(reader.name, 'the disk is empty', NO_TABLE_HINT);
  const sector = await reader.read(0, 1);
  const mbr = parseMbrSector(sector);
  if (mbr !== null && mbr.entries.some(isProtective)) return TABLE_KINDS.gpt.read(reader, sector);
  if (await hasGptSignature(reader)) {
    throw badTable(
      reader.name,
      'there is a GPT, but no protective MBR in front of it',
      'If the GPT is right, let `gdisk` write a new protective MBR; if it is left over from earlier use, remove it with `wipefs --all --types gpt`.',
    );
  }
  const filesystem = mbr === null ? null : filesystemOfBootSector(sector);
  if (mbr !== null && filesystem !== null && !isPlausibleTable(mbr, reader.diskSectors)) {
    throw wholeDiskTaken(
      reader.name,
      `there is none, the whole disk is one ${filesystem} file system`,
      NO_TABLE_HINT,
    );
  }
  if (mbr === null || !hasBootFlags(mbr)) {
    throw badTable(reader.name, 'there is neither an MBR nor a GPT', NO_TABLE_HINT);
  }
  return TABLE_KINDS.dos.read(reader, sector);
}

const NO_TABLE_HINT =
  'OpenClone clones disks with an MBR or a GPT: check that this is the right disk, or partition it first.';

async function hasGptSignature(reader: SectorReader): Promise<boolean> {
  if (reader.diskSectors <= PRIMARY_SECTOR) return false;
  const sector = await reader.read(PRIMARY_SECTOR, 1);
  return sector.subarray(0, GPT_SIGNATURE.length).equals(GPT_SIGNATURE);
}
