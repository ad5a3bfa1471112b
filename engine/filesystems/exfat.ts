/**
 * exFAT: which clusters hold data, by the allocation bitmap. Microsoft "exFAT file system specification" 1.00.
 *
 * exFAT has no journal, but its bitmap is written late: a volume that is marked dirty is copied whole.
 */

import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes } from '../../lib/units.ts';
import { isUsed, largestBlock, mapOfBytes, markBytesUsed, type BlockMap } from './block-map.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { mustHold, readBytes, safeNumber } from './structure.ts';

type Layout = {
  readonly clusterBytes: Bytes;
  readonly volumeBytes: Bytes;
  readonly tableOffsetBytes: Bytes;
  /** Where cluster 2, the first one, begins. */
  readonly heapOffsetBytes: Bytes;
  readonly clusters: number;
  readonly rootCluster: number;
  readonly isDirty: boolean;
  readonly hadErrors: boolean;
};

const FIRST_CLUSTER = 2;
const END_OF_CHAIN = 0xffffffff;
const DIRECTORY_ENTRY_BYTES = 32;
/** Directory entries: the end of the directory, and the one that says where the bitmap is (7.1). */
const END_OF_DIRECTORY = 0x00;
const BITMAP_ENTRY = 0x81;
/** With TexFAT there are two. */
const MAX_BITMAPS = 2;
const CHUNK_BYTES = 1024 * 1024;

export const EXFAT = {
  program: { name: 'partclone.exfat', options: [] },
  inspect,
} satisfies Filesystem;

async function inspect(volume: Pick<Volume, 'reader' | 'sizeBytes'>): Promise<Inspection> {
  return everySectorOnFault(async () => {
    const { reader, sizeBytes } = volume;
    const layout = parseLayout(await readBytes(reader, 0, 512));
    if (layout.volumeBytes > sizeBytes) return largerThanPartition();
    if (layout.isDirty) {
      return {
        type: 'every-sector',
        reason: message('copy.unclean-map'),
      };
    }
    const { volumeBytes, heapOffsetBytes, clusterBytes } = layout;
    const blockBytes = largestBlock(heapOffsetBytes, clusterBytes);
    const used = mapOfBytes(
      { fineBytes: blockBytes, coarseBytes: clusterBytes },
      volumeBytes,
      sizeBytes,
    );
    markBytesUsed(used, 0, heapOffsetBytes);
    const bitmaps = await findBitmaps(reader, layout);
    mustHold(bitmaps.length > 0, 'structure.no-allocation-bitmap');
    for (const bitmap of bitmaps) await markBitmap(reader, layout, bitmap, used);
    const isRootUsed = isUsed(
      used,
      Math.floor(clusterOffset(layout, layout.rootCluster) / used.blockBytes),
    );
    mustHold(isRootUsed, 'structure.root-directory-free');
    const warnings = layout.hadErrors ? [message('note.had-errors')] : [];
    const endBytes = heapOffsetBytes + layout.clusters * clusterBytes;
    return { type: 'used-blocks', used, endBytes, warnings };
  });
}

/** Reads the boot sector (3.1). Throws StructureFault. */
function parseLayout(boot: Buffer): Layout {
  const sectorShift = boot.readUInt8(108);
  const clusterShift = sectorShift + boot.readUInt8(109);
  mustHold(sectorShift >= 9 && sectorShift <= 12 && clusterShift <= 25, UNUSUAL);
  const sectorBytes = 2 ** sectorShift;
  const layout: Layout = {
    clusterBytes: 2 ** clusterShift,
    volumeBytes: safeNumber(boot.readBigUInt64LE(72)) * sectorBytes,
    tableOffsetBytes: boot.readUInt32LE(80) * sectorBytes,
    heapOffsetBytes: boot.readUInt32LE(88) * sectorBytes,
    clusters: boot.readUInt32LE(92),
    rootCluster: boot.readUInt32LE(96),
    isDirty: (boot.readUInt16LE(106) & 0x0002) !== 0,
    hadErrors: (boot.readUInt16LE(106) & 0x0004) !== 0,
  };
  const { volumeBytes, heapOffsetBytes, clusters, clusterBytes } = layout;
  mustHold(heapOffsetBytes + clusters * clusterBytes <= volumeBytes, UNUSUAL);
  return layout;
}

const UNUSUAL = 'structure.boot-sector-unusual';

type Bitmap = { readonly firstCluster: number; readonly sizeBytes: Bytes };

/** The bitmaps that the root directory names: one, with TexFAT two. */
async function findBitmaps(reader: SectorReader, layout: Layout): Promise<Bitmap[]> {
  const found: Bitmap[] = [];
  for await (const cluster of chainOf(reader, layout, layout.rootCluster)) {
    const offset = clusterOffset(layout, cluster);
    const entries = await readBytes(reader, offset, layout.clusterBytes);
    for (let at = 0; at < entries.length; at += DIRECTORY_ENTRY_BYTES) {
      const type = entries.readUInt8(at);
      if (type === END_OF_DIRECTORY) return found;
      if (type !== BITMAP_ENTRY) continue;
      const sizeBytes = safeNumber(entries.readBigUInt64LE(at + 24));
      mustHold(sizeBytes * 8 >= layout.clusters, 'structure.allocation-bitmap-short');
      mustHold(found.length < MAX_BITMAPS, 'structure.too-many-bitmaps');
      found.push({ firstCluster: entries.readUInt32LE(at + 20), sizeBytes });
    }
  }
  return found;
}

async function markBitmap(
  reader: SectorReader,
  layout: Layout,
  { firstCluster }: Bitmap,
  used: BlockMap,
): Promise<void> {
  const { clusters, clusterBytes, heapOffsetBytes } = layout;
  let bit = 0;
  for await (const cluster of chainOf(reader, layout, firstCluster)) {
    for (let done = 0; done < clusterBytes && bit < clusters; done += CHUNK_BYTES) {
      const sizeBytes = Math.min(CHUNK_BYTES, clusterBytes - done);
      const bytes = await readBytes(reader, clusterOffset(layout, cluster) + done, sizeBytes);
      for (const byte of bytes) {
        for (let of = 0; of < 8 && bit < clusters; of += 1, bit += 1) {
          if ((byte & (1 << of)) === 0) continue;
          const startBytes = heapOffsetBytes + bit * clusterBytes;
          markBytesUsed(used, startBytes, startBytes + clusterBytes);
        }
      }
    }
    if (bit === clusters) return;
  }
  mustHold(bit === clusters, 'structure.allocation-bitmap-short');
}

/** The clusters of a chain. Throws StructureFault for one that leaves the volume or does not end. */
async function* chainOf(
  reader: SectorReader,
  layout: Layout,
  firstCluster: number,
): AsyncGenerator<number> {
  const { tableOffsetBytes, clusters } = layout;
  let cluster = firstCluster;
  for (let length = 0; cluster !== END_OF_CHAIN; length += 1) {
    const inside = cluster >= FIRST_CLUSTER && cluster < FIRST_CLUSTER + clusters;
    mustHold(inside && length < clusters, 'structure.cluster-chain-broken');
    yield cluster;
    cluster = (await readBytes(reader, tableOffsetBytes + cluster * 4, 4)).readUInt32LE(0);
  }
}

function clusterOffset({ heapOffsetBytes, clusterBytes }: Layout, cluster: number): Bytes {
  mustHold(cluster >= FIRST_CLUSTER, 'structure.cluster-chain-broken');
  return heapOffsetBytes + (cluster - FIRST_CLUSTER) * clusterBytes;
}
