/** Partition tables written by hand, for what no tool would write. */

import { crc32 } from 'node:zlib';
import { writeMbrSector, type MbrEntry } from '../../../../lib/disk/tables/mbr.ts';

/** A Linux partition. */
export function used(startSector: number, sectorCount: number): MbrEntry {
  return { status: 0, startChs: 0, typeByte: 0x83, endChs: 0, startSector, sectorCount };
}

/** An entry that links to the next EBR. */
export function link(startSector: number): MbrEntry {
  return { ...used(startSector, 10), typeByte: 5 };
}

/** Writes an MBR or EBR with `entries` into a sector of 512 bytes. */
export function writeTable(disk: Buffer, sector: number, entries: MbrEntry[]): void {
  const empty = Array.from({ length: 4 - entries.length }, () => ({ ...used(0, 0), typeByte: 0 }));
  writeMbrSector({
    bootCode: Buffer.alloc(440),
    diskSignature: 0,
    reserved: 0,
    entries: [...entries, ...empty],
    rest: Buffer.alloc(0),
  }).copy(disk, sector * 512);
}

/** Makes the primary GPT's checksums right, whatever its fields say. */
export function repairHeaderChecksum(disk: Buffer): void {
  const header = disk.subarray(512, 1024);
  header.writeUInt32LE(crc32(disk.subarray(1024, 1024 + 128 * 128)), 88);
  header.writeUInt32LE(0, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 92)), 16);
}
