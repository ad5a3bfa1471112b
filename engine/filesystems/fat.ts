/**
 * FAT12, FAT16 and FAT32: which sectors hold data, by the file allocation table. Microsoft "FAT32 File System
 * Specification" 1.03; the two marks of a mounted volume as Windows and Linux (fs/fat/inode.c, fat_set_state) set them.
 *
 * FAT has no journal: what was written is where it will stay. But after a cut a directory may name clusters that the
 * table, which is written later, still calls free, so that a volume that was not unmounted is copied whole.
 */

import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes, Sectors } from '../../lib/units.ts';
import { largestBlock, mapOfBytes, markBytesUsed, type BlockMap } from './block-map.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { mustHold, readBytes } from './structure.ts';

type Width = 12 | 16 | 32;

type Layout = {
  readonly width: Width;
  readonly sectorBytes: Bytes;
  readonly clusterSectors: Sectors;
  readonly totalSectors: Sectors;
  readonly tableStart: Sectors;
  readonly tableSectors: Sectors;
  readonly tables: number;
  /** The first sector of cluster 2, the first one. */
  readonly dataStart: Sectors;
  readonly clusters: number;
  /** The byte of the boot sector in which Linux and Windows note that the volume is mounted; 0 when there is none. */
  readonly state: number;
};

const FAT16_FROM_CLUSTERS = 4085;

const BAD: Readonly<Record<Width, number>> = { 12: 0xff7, 16: 0xfff7, 32: 0x0ffffff7 };
const FIRST_CLUSTER = 2;
const CHUNK_BYTES = 1024 * 1024;
/** Two are usual; mkfs.fat makes up to four. */
const MAX_TABLES = 8;

export const FAT = {
  program: { name: 'partclone.fat', options: [] },
  inspect,
} satisfies Filesystem;

async function inspect(volume: Pick<Volume, 'reader' | 'sizeBytes'>): Promise<Inspection> {
  return everySectorOnFault(async () => {
    const { reader, sizeBytes } = volume;
    const layout = parseLayout(await readBytes(reader, 0, 512));
    if (layout.totalSectors * layout.sectorBytes > sizeBytes) return largerThanPartition();
    const flags = await readFlags(reader, layout);
    if (!flags.clean) {
      return {
        type: 'every-sector',
        reason: message('copy.unclean-map'),
      };
    }
    const { sectorBytes, clusterSectors, totalSectors, dataStart } = layout;
    const blockSectors = largestBlock(dataStart, clusterSectors);
    const used = mapOfBytes(
      { fineBytes: blockSectors * sectorBytes, coarseBytes: clusterSectors * sectorBytes },
      totalSectors * sectorBytes,
      sizeBytes,
    );
    markBytesUsed(used, 0, dataStart * sectorBytes);
    const badClusters = await markClusters(reader, layout, used);
    const warnings = [
      flags.hadErrors ? message('note.had-errors') : null,
      // They hold nothing, and reading them may fail.
      badClusters > 0 ? message('note.bad-clusters', { clusters: badClusters }) : null,
    ].filter((note) => note !== null);
    const endBytes = (dataStart + layout.clusters * clusterSectors) * sectorBytes;
    return { type: 'used-blocks', used, endBytes, warnings };
  });
}

/** Reads the BIOS parameter block. Throws StructureFault. */
function parseLayout(boot: Buffer): Layout {
  const sectorBytes = boot.readUInt16LE(0x0b);
  const clusterSectors = boot.readUInt8(0x0d);
  const tableStart = boot.readUInt16LE(0x0e);
  const tables = boot.readUInt8(0x10);
  const rootEntries = boot.readUInt16LE(0x11);
  const totalSectors = boot.readUInt16LE(0x13) || boot.readUInt32LE(0x20);
  const shortTable = boot.readUInt16LE(0x16);
  const tableSectors = shortTable || boot.readUInt32LE(0x24);
  const rootSectors = Math.ceil((rootEntries * 32) / sectorBytes);
  const dataStart = tableStart + tables * tableSectors + rootSectors;
  const plausible =
    isPowerOfTwo(sectorBytes) &&
    sectorBytes >= 512 &&
    sectorBytes <= 4096 &&
    isPowerOfTwo(clusterSectors) &&
    tableStart > 0 &&
    tables > 0 &&
    tables <= MAX_TABLES &&
    tableSectors > 0 &&
    dataStart < totalSectors;
  mustHold(plausible, 'structure.boot-sector-unusual');
  const inData = Math.floor((totalSectors - dataStart) / clusterSectors);
  const extension = shortTable === 0 ? 0x40 : 0x24;
  const hasExtension = [0x28, 0x29].includes(boot.readUInt8(extension + 2));
  const name = hasExtension ? boot.toString('latin1', extension + 0x12, extension + 0x1a) : '';
  const width = widthOf(shortTable, inData, name);
  const inTable = Math.floor((tableSectors * sectorBytes * 8) / width) - FIRST_CLUSTER;
  return {
    width,
    sectorBytes,
    clusterSectors,
    totalSectors,
    tableStart,
    tableSectors,
    tables,
    dataStart,
    clusters: Math.max(0, Math.min(inData, inTable)),
    state: hasExtension ? boot.readUInt8(extension + 1) : 0,
  };
}

/**
 * As Windows and Linux decide: FAT32 by where the size of the table is, the others by the number of clusters. Where the
 * name in the boot sector contradicts, others may decide otherwise.
 */
function widthOf(shortTable: number, clusters: number, name: string): Width {
  if (shortTable === 0) return 32;
  const width = clusters < FAT16_FROM_CLUSTERS ? 12 : 16;
  const named = /^FAT(12|16)\b/.exec(name)?.[1];
  mustHold(named === undefined || Number(named) === width, 'structure.fat-width');
  return width;
}

/** The second entry of the table has two marks (FAT16, FAT32), the boot sector one. */
async function readFlags(
  reader: SectorReader,
  { width, sectorBytes, tableStart, state }: Layout,
): Promise<{ clean: boolean; hadErrors: boolean }> {
  const entries = await readBytes(reader, tableStart * sectorBytes, 8);
  const cleanInBoot = (state & 0x01) === 0;
  switch (width) {
    case 12:
      return { clean: cleanInBoot, hadErrors: false };
    case 16: {
      const entry = entries.readUInt16LE(2);
      return { clean: cleanInBoot && (entry & 0x8000) !== 0, hadErrors: (entry & 0x4000) === 0 };
    }
    case 32: {
      const entry = entries.readUInt32LE(4);
      return {
        clean: cleanInBoot && (entry & 0x08000000) !== 0,
        hadErrors: (entry & 0x04000000) === 0,
      };
    }
  }
}

/** Notes every cluster that one of the tables has in use; returns how many are bad. */
async function markClusters(reader: SectorReader, layout: Layout, used: BlockMap): Promise<number> {
  const { width, clusters, clusterSectors, dataStart, sectorBytes } = layout;
  const entryCount = FIRST_CLUSTER + clusters;
  // Of 12 bits, two entries are three bytes: the chunk must not cut them.
  const perChunk = width === 12 ? entryCount : (CHUNK_BYTES * 8) / width;
  let badClusters = 0;
  let runStart: number | null = null;
  const endRun = (end: number): void => {
    if (runStart === null) return;
    const first = dataStart + (runStart - FIRST_CLUSTER) * clusterSectors;
    const count = (end - runStart) * clusterSectors;
    markBytesUsed(used, first * sectorBytes, (first + count) * sectorBytes);
    runStart = null;
  };
  for (let from = 0; from < entryCount; from += perChunk) {
    const to = Math.min(entryCount, from + perChunk);
    const chunks = await readChunks(reader, layout, from, to);
    for (let entry = Math.max(from, FIRST_CLUSTER); entry < to; entry += 1) {
      let isUsed = false;
      let isBad = false;
      for (const chunk of chunks) {
        const value = entryAt(chunk, width, entry - from);
        if (value === BAD[width]) isBad = true;
        else if (value !== 0) isUsed = true;
      }
      if (isUsed) {
        runStart ??= entry;
      } else {
        endRun(entry);
        if (isBad) badClusters += 1;
      }
    }
  }
  endRun(entryCount);
  return badClusters;
}

/** Entries `from` to before `to` of every copy of the table. */
async function readChunks(
  reader: SectorReader,
  { width, sectorBytes, tableStart, tableSectors, tables }: Layout,
  from: number,
  to: number,
): Promise<Buffer[]> {
  const fromByte = Math.floor((from * width) / 8);
  const sizeBytes = Math.ceil((to * width) / 8) - fromByte;
  const chunks: Buffer[] = [];
  for (let copy = 0; copy < tables; copy += 1) {
    const start = (tableStart + copy * tableSectors) * sectorBytes;
    chunks.push(await readBytes(reader, start + fromByte, sizeBytes));
  }
  return chunks;
}

function entryAt(chunk: Buffer, width: Width, index: number): number {
  switch (width) {
    case 12: {
      const at = index + (index >> 1);
      const pair = (chunk[at] ?? 0) | ((chunk[at + 1] ?? 0) << 8);
      return index % 2 === 0 ? pair & 0xfff : pair >> 4;
    }
    case 16:
      return chunk.readUInt16LE(index * 2);
    case 32:
      // The upper four bits are reserved.
      return chunk.readUInt32LE(index * 4) & 0x0fffffff;
  }
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
