/**
 * The codec of one MBR or EBR sector. It keeps every byte as a field (boot code, CHS values, garbage in unused
 * entries), so that write(parse(sector)) is the sector, without the original beside it, and a changed copy of the
 * record changes just what was meant.
 * Layout: UEFI 2.10, 5.2.1; 512 bytes, at the beginning of the sector whatever the sector's size.
 */

import type { Sectors } from '../../units.ts';

/** One MBR or EBR sector, complete. */
export type MbrSector = {
  /** Bytes 0 to 439; an EBR can have boot code too. */
  readonly bootCode: Buffer;
  /** Bytes 440 to 443, the disk signature; meaningless in an EBR. */
  readonly diskSignature: number;
  /** Bytes 444 and 445. */
  readonly reserved: number;
  /** Four, in the order on the disk. */
  readonly entries: readonly MbrEntry[];
  /** What follows byte 511 in a sector larger than 512 bytes. */
  readonly rest: Buffer;
};

export type MbrEntry = {
  /** 0x80 active, 0x00 not; anything else is no partition table. */
  readonly status: number;
  /** The three CHS bytes as a little-endian number; nothing believes them today. */
  readonly startChs: number;
  readonly typeByte: number;
  readonly endChs: number;
  /** From the beginning of the disk in an MBR; see ebr.ts for EBRs. */
  readonly startSector: Sectors;
  readonly sectorCount: Sectors;
};

/** The type of the entry that protects a GPT (UEFI 2.10, 5.2.3). */
export const PROTECTIVE_TYPE = 0xee;
/** The largest value of an entry's 32-bit fields. */
export const MAX_MBR_SECTORS = 0xffffffff;

const TABLE_BYTES = 512;
const ENTRIES_OFFSET = 446;
const ENTRY_BYTES = 16;
const SIGNATURE_OFFSET = 510;
const SIGNATURE = 0xaa55;
const EXTENDED_TYPES: readonly number[] = [0x05, 0x0f, 0x85];

/** The record of `sector`; null when the signature 55 AA is missing or there are fewer than 512 bytes. */
export function parseMbrSector(sector: Buffer): MbrSector | null {
  if (sector.length < TABLE_BYTES || sector.readUInt16LE(SIGNATURE_OFFSET) !== SIGNATURE) {
    return null;
  }
  return {
    bootCode: Buffer.from(sector.subarray(0, 440)),
    diskSignature: sector.readUInt32LE(440),
    reserved: sector.readUInt16LE(444),
    entries: [0, 1, 2, 3].map((index) => parseEntry(sector, ENTRIES_OFFSET + index * ENTRY_BYTES)),
    rest: Buffer.from(sector.subarray(TABLE_BYTES)),
  };
}

/** The sector that `mbr` describes. Throws RangeError when a field does not fit (a bug). */
export function writeMbrSector(mbr: MbrSector): Buffer {
  if (mbr.bootCode.length !== 440 || mbr.entries.length !== 4) {
    throw new RangeError('an MBR has 440 bytes of boot code and four entries');
  }
  const table = Buffer.alloc(TABLE_BYTES);
  mbr.bootCode.copy(table);
  table.writeUInt32LE(mbr.diskSignature, 440);
  table.writeUInt16LE(mbr.reserved, 444);
  for (const [index, entry] of mbr.entries.entries()) {
    writeEntry(table, ENTRIES_OFFSET + index * ENTRY_BYTES, entry);
  }
  table.writeUInt16LE(SIGNATURE, SIGNATURE_OFFSET);
  return Buffer.concat([table, mbr.rest]);
}

/** Whether Linux and sfdisk see a partition here: they ask for the size only, not for the type. */
export function isUsed(entry: MbrEntry): boolean {
  return entry.sectorCount !== 0;
}

/** Whether the entry is a container of logical partitions (as the kernel decides: 05, 0F, 85). */
export function isExtended(entry: MbrEntry): boolean {
  return isUsed(entry) && EXTENDED_TYPES.includes(entry.typeByte);
}

export function isProtective(entry: MbrEntry): boolean {
  return isUsed(entry) && entry.typeByte === PROTECTIVE_TYPE;
}

function parseEntry(sector: Buffer, offset: number): MbrEntry {
  return {
    status: sector.readUInt8(offset),
    startChs: sector.readUIntLE(offset + 1, 3),
    typeByte: sector.readUInt8(offset + 4),
    endChs: sector.readUIntLE(offset + 5, 3),
    startSector: sector.readUInt32LE(offset + 8),
    sectorCount: sector.readUInt32LE(offset + 12),
  };
}

function writeEntry(table: Buffer, offset: number, entry: MbrEntry): void {
  table.writeUInt8(entry.status, offset);
  table.writeUIntLE(entry.startChs, offset + 1, 3);
  table.writeUInt8(entry.typeByte, offset + 4);
  table.writeUIntLE(entry.endChs, offset + 5, 3);
  table.writeUInt32LE(entry.startSector, offset + 8);
  table.writeUInt32LE(entry.sectorCount, offset + 12);
}
