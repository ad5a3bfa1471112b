/**
 * The codec of GPT headers and entry arrays. Like the MBR's it keeps every byte as a field: write(parse(bytes)) is
 * the bytes, with unknown revisions, entry sizes and counts, garbage in unused entries and reserved fields, while
 * a header with changed fields gets its new checksum by itself.
 * Layout: UEFI 2.10, 5.3.2 (header) and 5.3.3 (entries). Little-endian, checksums are CRC-32.
 */

import { crc32 } from 'node:zlib';
import type { GPT_MESSAGES } from '../../model/messages/notes.ts';
import { message, type MessageOf } from '../../model/messages/table.ts';
import type { GptPartition } from '../../model/partition-table.ts';
import { bytesToSectors, type Bytes, type Sectors } from '../../units.ts';

/** A header with right checksum; it fills one sector. */
export type GptHeader = {
  readonly revision: number;
  readonly headerSizeBytes: Bytes;
  readonly reserved: number;
  /** MyLBA: the sector the header is in. */
  readonly ownSector: Sectors;
  /** AlternateLBA: the sector of the other copy. */
  readonly alternateSector: Sectors;
  readonly firstUsableSector: Sectors;
  readonly lastUsableSector: Sectors;
  readonly diskGuid: string;
  readonly entriesSector: Sectors;
  readonly entryCount: number;
  readonly entrySizeBytes: Bytes;
  readonly entriesCrc: number;
  /** What follows byte 91, to the end of the sector. */
  readonly rest: Buffer;
};

export type GptEntry = {
  readonly typeGuid: string;
  readonly guid: string;
  /** As stored: an unused entry can hold any 64 bits. */
  readonly firstSector: bigint;
  readonly lastSector: bigint;
  readonly attributes: bigint;
  /** 36 UTF-16 units; the name ends at the first 0. */
  readonly nameUnits: Buffer;
  /** What follows byte 127 in entries larger than that. */
  readonly rest: Buffer;
};

/** Why a copy cannot be used. */
export type GptDamage = {
  [Id in keyof typeof GPT_MESSAGES]: MessageOf<Id>;
}[keyof typeof GPT_MESSAGES];

export type GptHeaderReading =
  | { readonly type: 'sound'; readonly header: GptHeader }
  | { readonly type: 'absent' }
  | { readonly type: 'damaged'; readonly damage: GptDamage };

export const GPT_SIGNATURE = Buffer.from('EFI PART', 'latin1');
export const UNUSED_TYPE = '00000000-0000-0000-0000-000000000000';

const FIXED_HEADER_BYTES = 92;
const MIN_ENTRY_BYTES = 128;
/** The kernel reads no larger array either (KMALLOC_MAX_SIZE, block/partitions/efi.c); 16 KiB is usual. */
const MAX_ARRAY_BYTES = 4 * 1024 * 1024;

/** Reads the header in `sector`, which lies at `ownSector`. The entries' checksum is not looked at. */
export function parseGptHeader(sector: Buffer, ownSector: Sectors): GptHeaderReading {
  if (!sector.subarray(0, GPT_SIGNATURE.length).equals(GPT_SIGNATURE)) return { type: 'absent' };
  const damaged = (damage: GptDamage): GptHeaderReading => ({ type: 'damaged', damage });
  const headerSizeBytes = sector.readUInt32LE(12);
  if (headerSizeBytes < FIXED_HEADER_BYTES || headerSizeBytes > sector.length) {
    return damaged(message('gpt.header-size', { sizeBytes: headerSizeBytes }));
  }
  if (sector.readUInt32LE(16) !== headerCrc(sector, headerSizeBytes)) {
    return damaged(message('gpt.header-checksum'));
  }
  const [own, alternate, firstUsable, lastUsable, entries] = [24, 32, 40, 48, 72].map((offset) =>
    Number(sector.readBigUInt64LE(offset)),
  );
  if (
    !isCountable(own) ||
    !isCountable(alternate) ||
    !isCountable(firstUsable) ||
    !isCountable(lastUsable) ||
    !isCountable(entries)
  ) {
    return damaged(message('gpt.sectors-beyond'));
  }
  const header: GptHeader = {
    revision: sector.readUInt32LE(8),
    headerSizeBytes,
    reserved: sector.readUInt32LE(20),
    ownSector: own,
    alternateSector: alternate,
    firstUsableSector: firstUsable,
    lastUsableSector: lastUsable,
    diskGuid: readGuid(sector, 56),
    entriesSector: entries,
    entryCount: sector.readUInt32LE(80),
    entrySizeBytes: sector.readUInt32LE(84),
    entriesCrc: sector.readUInt32LE(88),
    rest: Buffer.from(sector.subarray(FIXED_HEADER_BYTES)),
  };
  const problem = headerProblem(header, ownSector);
  return problem === null ? { type: 'sound', header } : damaged(problem);
}

/** Why a copy that is not sound cannot be used. */
export function damageOf(
  reading: { readonly type: 'absent' } | { readonly type: 'damaged'; readonly damage: GptDamage },
): GptDamage {
  return reading.type === 'absent' ? message('gpt.absent') : reading.damage;
}

/** The sector that `header` describes, its own checksum computed. */
export function writeGptHeader(header: GptHeader): Buffer {
  const fixed = Buffer.alloc(FIXED_HEADER_BYTES);
  GPT_SIGNATURE.copy(fixed);
  fixed.writeUInt32LE(header.revision, 8);
  fixed.writeUInt32LE(header.headerSizeBytes, 12);
  fixed.writeUInt32LE(header.reserved, 20);
  fixed.writeBigUInt64LE(BigInt(header.ownSector), 24);
  fixed.writeBigUInt64LE(BigInt(header.alternateSector), 32);
  fixed.writeBigUInt64LE(BigInt(header.firstUsableSector), 40);
  fixed.writeBigUInt64LE(BigInt(header.lastUsableSector), 48);
  writeGuid(fixed, 56, header.diskGuid);
  fixed.writeBigUInt64LE(BigInt(header.entriesSector), 72);
  fixed.writeUInt32LE(header.entryCount, 80);
  fixed.writeUInt32LE(header.entrySizeBytes, 84);
  fixed.writeUInt32LE(header.entriesCrc, 88);
  const sector = Buffer.concat([fixed, header.rest]);
  sector.writeUInt32LE(headerCrc(sector, header.headerSizeBytes), 16);
  return sector;
}

/** All entries of the array that `bytes` begins with, the unused ones too. */
export function parseGptEntries(
  bytes: Buffer,
  { entryCount, entrySizeBytes }: Pick<GptHeader, 'entryCount' | 'entrySizeBytes'>,
): GptEntry[] {
  return Array.from({ length: entryCount }, (_, index) => {
    const entry = bytes.subarray(index * entrySizeBytes, (index + 1) * entrySizeBytes);
    return {
      typeGuid: readGuid(entry, 0),
      guid: readGuid(entry, 16),
      firstSector: entry.readBigUInt64LE(32),
      lastSector: entry.readBigUInt64LE(40),
      attributes: entry.readBigUInt64LE(48),
      nameUnits: Buffer.from(entry.subarray(56, MIN_ENTRY_BYTES)),
      rest: Buffer.from(entry.subarray(MIN_ENTRY_BYTES)),
    };
  });
}

/** The array that `entries` describe, without what may follow it in its last sector. */
export function writeGptEntries(entries: readonly GptEntry[]): Buffer {
  return Buffer.concat(
    entries.map((entry) => {
      const fixed = Buffer.alloc(56);
      writeGuid(fixed, 0, entry.typeGuid);
      writeGuid(fixed, 16, entry.guid);
      fixed.writeBigUInt64LE(entry.firstSector, 32);
      fixed.writeBigUInt64LE(entry.lastSector, 40);
      fixed.writeBigUInt64LE(entry.attributes, 48);
      return Buffer.concat([fixed, entry.nameUnits, entry.rest]);
    }),
  );
}

/**
 * The partition in `entry`, number `number`; null for an unused entry, "damaged" when its sectors are no range that
 * a disk can have.
 */
export function toPartition(entry: GptEntry, number: number): GptPartition | null | 'damaged' {
  if (entry.typeGuid === UNUSED_TYPE) return null;
  const startSector = Number(entry.firstSector);
  const lastSector = Number(entry.lastSector);
  if (!isCountable(startSector) || !isCountable(lastSector) || lastSector < startSector) {
    return 'damaged';
  }
  const name = entry.nameUnits.toString('utf16le');
  const end = name.indexOf('\0');
  return {
    number,
    startSector,
    sectorCount: lastSector - startSector + 1,
    typeGuid: entry.typeGuid,
    guid: entry.guid,
    attributes: entry.attributes.toString(16).padStart(16, '0'),
    name: end < 0 ? name : name.slice(0, end),
  };
}

/** The header's checksum of its entry array, which `bytes` begins with. */
export function entriesCrcOf(
  bytes: Buffer,
  { entryCount, entrySizeBytes }: Pick<GptHeader, 'entryCount' | 'entrySizeBytes'>,
): number {
  return crc32(bytes.subarray(0, entryCount * entrySizeBytes));
}

/** Whole sectors that the entry array takes. */
export function arraySectors(
  { entryCount, entrySizeBytes }: Pick<GptHeader, 'entryCount' | 'entrySizeBytes'>,
  sectorSizeBytes: Bytes,
): Sectors {
  return bytesToSectors(entryCount * entrySizeBytes + sectorSizeBytes - 1, sectorSizeBytes);
}

function headerProblem(header: GptHeader, ownSector: Sectors): GptDamage | null {
  const { entryCount, entrySizeBytes } = header;
  if (header.ownSector !== ownSector) {
    return message('gpt.other-sector', { sector: header.ownSector });
  }
  if (entrySizeBytes < MIN_ENTRY_BYTES || entrySizeBytes % 8 !== 0) {
    return message('gpt.entry-size', { sizeBytes: entrySizeBytes });
  }
  if (entryCount === 0 || entryCount * entrySizeBytes > MAX_ARRAY_BYTES) {
    return message('gpt.entry-count', { entries: entryCount, sizeBytes: entrySizeBytes });
  }
  if (header.firstUsableSector > header.lastUsableSector) {
    return message('gpt.no-sectors');
  }
  return null;
}

/** CRC-32 of the header with its own field as 0. */
function headerCrc(sector: Buffer, headerSizeBytes: Bytes): number {
  const header = Buffer.from(sector.subarray(0, headerSizeBytes));
  header.writeUInt32LE(0, 16);
  return crc32(header);
}

/** Leaves room for sums of two, so that no end of a range gets inexact. */
function isCountable(sector: number | undefined): sector is number {
  return sector !== undefined && sector < Number.MAX_SAFE_INTEGER / 2;
}

/** The first three groups of a GUID are little-endian (UEFI 2.10, appendix A). */
function readGuid(bytes: Buffer, offset: number): string {
  const hex = (start: number, end: number): string =>
    bytes.toString('hex', offset + start, offset + end);
  const swapped = (start: number, end: number): string =>
    Buffer.from(bytes.subarray(offset + start, offset + end))
      .reverse()
      .toString('hex');
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), hex(8, 10), hex(10, 16)]
    .join('-')
    .toUpperCase();
}

function writeGuid(target: Buffer, offset: number, guid: string): void {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  bytes.copy(target, offset);
}
