/**
 * NTFS: which clusters hold data, by $Bitmap; and whether the volume is clean: by its dirty flag, and for log and
 * hibernation by ntfs-3g.probe. Structures as in the Linux kernel's fs/ntfs3/ntfs.h.
 *
 * The copy of the boot sector lies behind the last cluster, so that no map of clusters has it: a restore writes it.
 */

import { NTFS_BOOT_SECTOR, NTFS_SECTOR_SIZES } from '../../lib/filesystems/ntfs-boot-sector.ts';
import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { Bytes, Sectors } from '../../lib/units.ts';
import { probeNtfs } from '../tools/ntfs-probe.ts';
import { hasNtfsDirectory } from '../tools/ntfsls.ts';
import { emptyBlockMap, type BlockMap } from './block-map.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { mustHold, readBytes, safeNumber } from './structure.ts';
import { message } from '../../lib/model/messages/table.ts';

type Layout = {
  readonly clusterBytes: Bytes;
  readonly clusters: number;
  readonly sectorBytes: Bytes;
  readonly volumeBytes: Bytes;
  readonly recordBytes: Bytes;
  /** Where the master file table begins. */
  readonly tableOffsetBytes: Bytes;
};

/** Numbers of records in the master file table, and types of attributes. */
const MFT_RECORD = 0;
const VOLUME_RECORD = 3;
const BITMAP_RECORD = 6;
const VOLUME_INFORMATION = 0x70;
const DATA = 0x80;
const END_OF_ATTRIBUTES = 0xffffffff;
const VOLUME_IS_DIRTY = 0x0001;
const FIXUP_BYTES = 512;
const CHUNK_BYTES = 1024 * 1024;

export const NTFS = {
  program: { name: 'partclone.ntfs', options: [] },
  inspect,
  operatingSystem: async (run, device) =>
    (await hasNtfsDirectory(run, device, '/Windows/System32')) ? 'Windows' : null,
} satisfies Filesystem;

async function inspect(volume: Volume): Promise<Inspection> {
  const { run, device, reader, sizeBytes } = volume;
  return everySectorOnFault(async () => {
    const layout = parseLayout(await readBytes(reader, 0, 512));
    if (layout.volumeBytes > sizeBytes) return largerThanPartition();
    switch (await probeNtfs(run, device)) {
      case 'hibernated':
        return {
          type: 'refused',
          state: 'Windows is hibernated',
          remedy:
            'Start Windows, shut it down with `shutdown /s /t 0` (fast start-up leaves it half asleep), then capture again.',
        };
      case 'not-unmounted':
        return {
          type: 'refused',
          state: 'the NTFS was not unmounted cleanly, and part of its data is in its log only',
          remedy:
            'Start Windows, shut it down with `shutdown /s /t 0` (fast start-up leaves its disks mounted), then capture again.',
        };
      case 'unreadable':
        return { type: 'every-sector', reason: message('copy.unreadable', { program: 'ntfs-3g' }) };
      case 'clean':
    }
    if (((await readVolumeFlags(reader, layout)) & VOLUME_IS_DIRTY) !== 0) {
      return {
        type: 'refused',
        state: 'the NTFS is marked dirty: Windows wants to check it',
        remedy: 'Run `chkdsk /f` on it in Windows, shut down, then capture again.',
      };
    }
    const used = emptyBlockMap(layout.clusterBytes, layout.clusters);
    await readBitmap(reader, layout, used);
    const endBytes = layout.clusters * layout.clusterBytes;
    const backup = await readBackup(reader, layout, sizeBytes);
    return { type: 'used-blocks', used, endBytes, ...backup, warnings: [] };
  });
}

/** The copy of the boot sector behind the volume, when there is one that is like it. */
async function readBackup(
  reader: SectorReader,
  { volumeBytes, sectorBytes }: Layout,
  sizeBytes: Bytes,
): Promise<Pick<Extract<Inspection, { type: 'used-blocks' }>, 'writtenBack'>> {
  const backup = { startBytes: volumeBytes, endBytes: volumeBytes + sectorBytes };
  if (backup.endBytes > sizeBytes) return {};
  const boot = await readBytes(reader, 0, sectorBytes);
  const copy = await readBytes(reader, volumeBytes, sectorBytes);
  return copy.equals(boot) ? { writtenBack: backup } : {};
}

/** Reads the boot sector. Throws StructureFault. */
function parseLayout(boot: Buffer): Layout {
  const sectorBytes = boot.readUInt16LE(NTFS_BOOT_SECTOR.bytesPerSectorOffset);
  const clusterBytes = sectorBytes * sectorsPerCluster(boot.readUInt8(0x0d));
  const sectors: Sectors = safeNumber(boot.readBigUInt64LE(NTFS_BOOT_SECTOR.totalSectorsOffset));
  const perRecord = boot.readInt8(0x40);
  const recordBytes = perRecord > 0 ? perRecord * clusterBytes : 2 ** -perRecord;
  const plausible =
    NTFS_SECTOR_SIZES.includes(sectorBytes) &&
    clusterBytes >= sectorBytes &&
    clusterBytes <= 2 * 1024 * 1024 &&
    recordBytes >= 512 &&
    recordBytes <= 64 * 1024;
  mustHold(plausible, 'structure.boot-sector-unusual');
  return {
    clusterBytes,
    clusters: Math.floor((sectors * sectorBytes) / clusterBytes),
    sectorBytes,
    volumeBytes: sectors * sectorBytes,
    recordBytes,
    tableOffsetBytes: safeNumber(boot.readBigUInt64LE(0x30)) * clusterBytes,
  };
}

/** Above 0x80 it is a negative power of two: clusters of more than 64 KiB. */
function sectorsPerCluster(value: number): number {
  return value <= 0x80 ? value : 2 ** (256 - value);
}

/** A run of clusters; null is a hole. */
type Extent = { readonly cluster: number | null; readonly count: number };

type Attribute =
  | { readonly type: 'resident'; readonly value: Buffer }
  | { readonly type: 'extents'; readonly extents: readonly Extent[]; readonly sizeBytes: Bytes };

async function readVolumeFlags(reader: SectorReader, layout: Layout): Promise<number> {
  const record = await readRecord(reader, layout, VOLUME_RECORD);
  const information = attributeOf(record, VOLUME_INFORMATION);
  mustHold(information?.type === 'resident', 'structure.ntfs-volume-flags');
  mustHold(information.value.length >= 12, 'structure.ntfs-volume-flags');
  return information.value.readUInt16LE(10);
}

/** Both number clusters from the lowest bit of each byte on. */
async function readBitmap(
  reader: SectorReader,
  { clusterBytes, ...rest }: Layout,
  used: BlockMap,
): Promise<void> {
  const layout = { clusterBytes, ...rest };
  const bitmap = attributeOf(await readRecord(reader, layout, BITMAP_RECORD), DATA);
  mustHold(bitmap?.type === 'extents', 'structure.ntfs-bitmap-unusual');
  mustHold(bitmap.sizeBytes >= used.bits.length, 'structure.ntfs-bitmap-short');
  let filled = 0;
  for (const { cluster, count } of bitmap.extents) {
    const endBytes = Math.min(used.bits.length, filled + count * clusterBytes);
    for (let done = 0; filled < endBytes;) {
      const sizeBytes = Math.min(CHUNK_BYTES, endBytes - filled);
      // A hole stands for zeros, which would be free clusters: no NTFS has one here.
      mustHold(cluster !== null, 'structure.ntfs-bitmap-unusual');
      used.bits.set(await readBytes(reader, cluster * clusterBytes + done, sizeBytes), filled);
      filled += sizeBytes;
      done += sizeBytes;
    }
  }
  mustHold(filled === used.bits.length, 'structure.ntfs-bitmap-short');
  // Behind the last cluster all bits are set.
  const rest8 = used.blockCount % 8;
  const last = used.bits.length - 1;
  if (rest8 !== 0) used.bits[last] = (used.bits[last] ?? 0) & ((1 << rest8) - 1);
}

/** A record of the master file table, which may itself be in pieces. */
async function readRecord(reader: SectorReader, layout: Layout, index: number): Promise<Buffer> {
  const { recordBytes, clusterBytes, tableOffsetBytes } = layout;
  const first = repaired(await readBytes(reader, tableOffsetBytes, recordBytes));
  if (index === MFT_RECORD) return first;
  const table = attributeOf(first, DATA);
  mustHold(table?.type === 'extents', 'structure.mft-unusual');
  let offset = index * recordBytes;
  for (const { cluster, count } of table.extents) {
    const extentBytes = count * clusterBytes;
    if (offset < extentBytes) {
      mustHold(cluster !== null, 'structure.mft-unusual');
      return repaired(await readBytes(reader, cluster * clusterBytes + offset, recordBytes));
    }
    offset -= extentBytes;
  }
  mustHold(false, 'structure.mft-short');
}

/** The last two bytes of each 512 are kept in an array of the record, and replaced by a number that must match. */
function repaired(record: Buffer): Buffer {
  mustHold(record.toString('latin1', 0, 4) === 'FILE', 'structure.mft-damaged');
  const arrayOffset = record.readUInt16LE(4);
  const count = record.readUInt16LE(6);
  mustHold(
    count === record.length / FIXUP_BYTES + 1 && arrayOffset + count * 2 <= record.length,
    'structure.mft-damaged',
  );
  const copy = Buffer.from(record);
  for (let index = 1; index < count; index += 1) {
    const end = index * FIXUP_BYTES - 2;
    mustHold(copy.readUInt16LE(end) === record.readUInt16LE(arrayOffset), 'structure.mft-damaged');
    record.copy(copy, end, arrayOffset + index * 2, arrayOffset + index * 2 + 2);
  }
  return copy;
}

/** The unnamed attribute of that type when the record has all of it, or null. Throws StructureFault. */
function attributeOf(record: Buffer, type: number): Attribute | null {
  let at = record.readUInt16LE(0x14);
  while (at + 24 <= record.length && record.readUInt32LE(at) !== END_OF_ATTRIBUTES) {
    const length = record.readUInt32LE(at + 4);
    mustHold(length >= 24 && at + length <= record.length, 'structure.mft-damaged');
    const attribute = record.subarray(at, at + length);
    if (attribute.readUInt32LE(0) === type && attribute.readUInt8(9) === 0) {
      return attribute.readUInt8(8) === 0 ? residentValue(attribute) : extentsOf(attribute);
    }
    at += length;
  }
  return null;
}

function residentValue(attribute: Buffer): Attribute {
  const from = attribute.readUInt16LE(0x14);
  return {
    type: 'resident',
    value: attribute.subarray(from, from + attribute.readUInt32LE(0x10)),
  };
}

/** Pairs of a length and a distance from the cluster before, each of 0 to 8 bytes. */
function extentsOf(attribute: Buffer): Attribute {
  mustHold(attribute.length >= 64, 'structure.mft-damaged');
  const extents: Extent[] = [];
  let at = attribute.readUInt16LE(0x20);
  let cluster = 0;
  for (;;) {
    const sizes = attribute[at] ?? 0;
    if (sizes === 0) break;
    const countBytes = sizes & 0x0f;
    const distanceBytes = sizes >> 4;
    const end = at + 1 + countBytes + distanceBytes;
    mustHold(
      countBytes > 0 && countBytes <= 6 && distanceBytes <= 6 && end <= attribute.length,
      'structure.mft-damaged',
    );
    const count = attribute.readUIntLE(at + 1, countBytes);
    if (distanceBytes > 0) cluster += attribute.readIntLE(at + 1 + countBytes, distanceBytes);
    extents.push({ cluster: distanceBytes > 0 ? cluster : null, count });
    at = end;
  }
  return { type: 'extents', extents, sizeBytes: safeNumber(attribute.readBigUInt64LE(0x30)) };
}
