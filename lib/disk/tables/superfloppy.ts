/** A file system on a whole disk begins with a boot sector that ends in 55 AA just like an MBR. */

import { isUsed, type MbrSector } from './mbr.ts';
import type { Sectors } from '../../units.ts';

/**
 * The file system whose boot sector `sector` is ("FAT", "NTFS", "exFAT"), or null. Looks at names and BIOS
 * parameter block (Microsoft FAT specification 1.03, table 1).
 */
export function filesystemOfBootSector(sector: Buffer): string | null {
  const oemName = sector.toString('latin1', 3, 11);
  if (oemName === 'NTFS    ') return 'NTFS';
  if (oemName === 'EXFAT   ') return 'exFAT';
  if (oemName.startsWith('ReFS\0')) return 'ReFS';
  return hasFatParameters(sector) ? 'FAT' : null;
}

/**
 * Whether the entries can be a partition table at all: flags 00 or 80, at least one partition, each after sector 0
 * and inside the disk. GRUB keeps the parameter block of a file system that was in sector 0 before, so a table
 * beside one is a table; mkfs.fat's fake table (one partition from sector 0) is none.
 */
export function isPlausibleTable(mbr: MbrSector, diskSectors: Sectors): boolean {
  const used = mbr.entries.filter(isUsed);
  return (
    used.length > 0 &&
    hasBootFlags(mbr) &&
    used.every(
      ({ startSector, sectorCount }) => startSector > 0 && startSector + sectorCount <= diskSectors,
    )
  );
}

/** Whether all four flags are 00 or 80, as the kernel and libblkid demand of a partition table. */
export function hasBootFlags(mbr: MbrSector): boolean {
  return mbr.entries.every(({ status }) => status === 0 || status === 0x80);
}

function hasFatParameters(sector: Buffer): boolean {
  const jump = sector.readUInt8(0);
  const bytesPerSector = sector.readUInt16LE(11);
  const media = sector.readUInt8(21);
  return (
    ((jump === 0xeb && sector.readUInt8(2) === 0x90) || jump === 0xe9) &&
    [512, 1024, 2048, 4096].includes(bytesPerSector) &&
    [1, 2, 4, 8, 16, 32, 64, 128].includes(sector.readUInt8(13)) &&
    sector.readUInt16LE(14) > 0 &&
    [1, 2].includes(sector.readUInt8(16)) &&
    (media === 0xf0 || media >= 0xf8)
  );
}
