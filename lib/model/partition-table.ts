/**
 * Partition tables as data. Sectors are logical sectors of the disk the table is for; numbers are those Linux
 * gives (MBR: primary 1 to 4, logical from 5; GPT: index of the entry plus one).
 */

import { z } from 'zod';
import { MAX_PARTITIONS } from './limits.ts';
import { Count } from './count.ts';

const Guid = z.string().regex(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
const Byte = z.number().int().min(0).max(255);

/** An MBR or EBR partition; `kind` extended is the container of the logical ones. */
export const MbrPartition = z.object({
  number: z.number().int().positive(),
  kind: z.enum(['primary', 'extended', 'logical']),
  startSector: Count,
  sectorCount: Count,
  /** The type byte: 0x07 NTFS, 0x0c FAT32 LBA, 0x82 swap, 0x83 Linux, 0x05/0x0f extended. */
  typeByte: Byte,
  active: z.boolean(),
  /** Where the EBR of a logical partition lies; null for primary and extended ones. */
  ebrSector: Count.nullable(),
});
export type MbrPartition = z.infer<typeof MbrPartition>;

export const MbrTable = z.object({
  type: z.literal('dos'),
  /** The disk signature at byte 440, eight hexadecimal digits as sfdisk prints them. */
  diskSignature: z.string().regex(/^[0-9a-f]{8}$/),
  sectorSizeBytes: z.number().int().positive(),
  diskSectors: Count,
  partitions: z.array(MbrPartition).max(MAX_PARTITIONS),
});
export type MbrTable = z.infer<typeof MbrTable>;

export const GptPartition = z.object({
  number: z.number().int().positive(),
  startSector: Count,
  sectorCount: Count,
  typeGuid: Guid,
  guid: Guid,
  /** The 64 attribute bits as 16 hexadecimal digits (UEFI 2.10, table 5.8). */
  attributes: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string().max(36),
});
export type GptPartition = z.infer<typeof GptPartition>;

export const GptTable = z.object({
  type: z.literal('gpt'),
  diskGuid: Guid,
  sectorSizeBytes: z.number().int().positive(),
  diskSectors: Count,
  firstUsableSector: Count,
  lastUsableSector: Count,
  /** Where the primary entry array begins: 2, unless a boot loader needed the room (`sgdisk -j`). */
  entriesSector: Count,
  entryCount: z.number().int().positive(),
  entrySizeBytes: z.number().int().positive(),
  backupHeaderSector: Count,
  partitions: z.array(GptPartition).max(MAX_PARTITIONS),
});
export type GptTable = z.infer<typeof GptTable>;

export const PartitionTable = z.discriminatedUnion('type', [MbrTable, GptTable]);
export type PartitionTable = z.infer<typeof PartitionTable>;

/**
 * The sectors that make a partition table, byte for byte, boot code included: written last, so that a disk boots
 * only when everything else is on it. Small: they travel inside messages as base64.
 */
/** 12 MiB of sectors; `sgdisk -j` makes areas of 1 MiB. */
const MAX_AREA_LENGTH = 16 * 1024 * 1024;

export const TableArea = z.object({
  kind: z.enum(['mbr', 'ebr', 'gpt-primary', 'gpt-backup']),
  startSector: Count,
  sectorCount: Count,
  dataBase64: z.base64().max(MAX_AREA_LENGTH),
});
export type TableArea = z.infer<typeof TableArea>;
