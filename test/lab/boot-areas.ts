/** The sectors that boot loaders live in, outside all partitions: MBR, the gap behind the table, the EBR chain. */

import { closeSync, openSync, readSync } from 'node:fs';
import { sectorsToBytes } from '../../lib/units.ts';
import { isExtended, type SfdiskTable } from './sfdisk.ts';
import { hashFile } from './tree.ts';

/** Name of each area with the SHA-256 of its bytes. */
export function readBootAreas(device: string, table: SfdiskTable): [string, string][] {
  return table.label === 'dos' ? readMbrAreas(device, table) : readGptAreas(device, table);
}

function readMbrAreas(device: string, table: SfdiskTable): [string, string][] {
  const areas: [string, string][] = [area(device, table, 'MBR', 0, 1)];
  const first = firstPartitionSector(table);
  if (first > 1) areas.push(area(device, table, 'gap', 1, first - 1));
  for (const ebr of readEbrChain(device, table)) {
    areas.push(area(device, table, 'EBR', ebr.sector, 1));
    const between = ebr.logicalStartSector - ebr.sector - 1;
    if (between > 0) areas.push(area(device, table, 'gap', ebr.sector + 1, between));
  }
  return areas;
}

function readGptAreas(device: string, table: SfdiskTable): [string, string][] {
  // The table itself is compared by sfdisk and sgdisk: its copy behind moves on a larger disk. The protective MBR's
  // size field does so too; boot code and signature before it (440 + 6 bytes) do not.
  const bootCode = hashFile(device, { offset: 0, length: 446 });
  const areas: [string, string][] = [['MBR boot code, sha256', bootCode]];
  const first = firstPartitionSector(table);
  const afterTable = endOfGptEntries(device, table);
  if (first > afterTable) areas.push(area(device, table, 'gap', afterTable, first - afterTable));
  return areas;
}

/**
 * The first sector behind the entries of the primary GPT (UEFI 2.10, table 5.5: entries' sector at byte 72, their
 * number at 80, the size of one at 84). The header's own "first usable" is often later: sfdisk aligns it.
 */
export function endOfGptEntries(device: string, { sectorsize }: SfdiskTable): number {
  const header = readSector(device, sectorsToBytes(1, sectorsize));
  const entriesBytes = header.readUInt32LE(80) * header.readUInt32LE(84);
  return Number(header.readBigUInt64LE(72)) + Math.ceil(entriesBytes / sectorsize);
}

function area(
  device: string,
  { sectorsize }: SfdiskTable,
  name: string,
  startSector: number,
  sectorCount: number,
): [string, string] {
  const range = {
    offset: sectorsToBytes(startSector, sectorsize),
    length: sectorsToBytes(sectorCount, sectorsize),
  };
  const place =
    sectorCount === 1 ? `sector ${startSector}` : `${sectorCount} sectors from ${startSector}`;
  return [`${name} (${place}), sha256`, hashFile(device, range)];
}

function firstPartitionSector(table: SfdiskTable): number {
  return Math.min(...table.partitions.map(({ start }) => start));
}

export type Ebr = { readonly sector: number; readonly logicalStartSector: number };

/**
 * Follows the chain of extended boot records: the first entry of each is its logical partition, relative to the
 * record; the second points to the next record, relative to the extended partition.
 */
export function readEbrChain(device: string, table: SfdiskTable): Ebr[] {
  const extended = table.partitions.find(({ type }) => isExtended(table, type));
  const chain: Ebr[] = [];
  let sector = extended?.start ?? 0;
  while (extended !== undefined && chain.length < 200) {
    const record = readSector(device, sectorsToBytes(sector, table.sectorsize));
    if (record.readUInt16LE(510) !== 0xaa55) break;
    const [logical, next] = [446, 462].map((at) => ({
      type: record.readUInt8(at + 4),
      start: record.readUInt32LE(at + 8),
    }));
    if (logical !== undefined && logical.type !== 0) {
      chain.push({ sector, logicalStartSector: sector + logical.start });
    }
    if (next === undefined || next.type === 0) break;
    sector = extended.start + next.start;
  }
  return chain;
}

function readSector(device: string, offset: number): Buffer {
  const record = Buffer.alloc(512);
  const fd = openSync(device, 'r');
  try {
    readSync(fd, record, 0, record.length, offset);
  } finally {
    closeSync(fd);
  }
  return record;
}
