/**
 * A partition that is a member of something larger: software RAID, a volume group, a pool. All its sectors are copied; of
 * what it belongs to that may be a part only, which is said unless its metadata shows that it is all.
 * Layouts: linux/raid/md_p.h; lvm2, lib/format_text/layout.h; OpenZFS, the label's nvlist in XDR.
 */

import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { SimpleMessage } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes } from '../../lib/units.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { readBytes, safeNumber, StructureFault } from './structure.ts';

/** Returns why the partition alone is not all, null when it is. Throws StructureFault when that cannot be told. */
type Look = (volume: Pick<Volume, 'reader' | 'sizeBytes'>) => Promise<SimpleMessage | null>;

const LOOKS: Readonly<Record<string, Look>> = {
  linux_raid_member: lookAtRaid,
  LVM2_member: lookAtVolumeGroup,
  zfs_member: lookAtPool,
};

export const MEMBER = {
  program: null,
  inspect: async (volume) => ({ type: 'every-sector', reason: await reasonOf(volume) }),
} satisfies Filesystem;

async function reasonOf(volume: Volume): Promise<SimpleMessage | null> {
  const type = volume.type ?? '';
  const unknown = message('copy.member', { of: type });
  try {
    const look = LOOKS[type];
    return look === undefined ? unknown : await look(volume);
  } catch (error) {
    if (error instanceof StructureFault) return unknown;
    throw error;
  }
}

const RAID_MAGIC = 0xa92b4efc;
const RAID_BLOCK_BYTES = 64 * 1024;

async function lookAtRaid({
  reader,
  sizeBytes,
}: Pick<Volume, 'reader' | 'sizeBytes'>): Promise<SimpleMessage | null> {
  const raid = await readRaid(reader, sizeBytes);
  if (raid.devices === 1) return null;
  const what = { devices: raid.devices, raid: nameOfLevel(raid.level) };
  return message(raid.level === 1 ? 'copy.raid-mirror' : 'copy.raid-device', what);
}

type Raid = { readonly level: number; readonly devices: number };

async function readRaid(reader: SectorReader, sizeBytes: Bytes): Promise<Raid> {
  // Versions 1.2, 1.1 and 1.0, then 0.90.
  const atEnd = Math.floor(sizeBytes / 512 / 8) * 8 * 512 - 8192;
  for (const offset of [4096, 0, atEnd]) {
    if (offset < 0 || offset + 256 > sizeBytes) continue;
    const block = await readBytes(reader, offset, 256);
    if (block.readUInt32LE(0) === RAID_MAGIC && block.readUInt32LE(4) === 1) {
      return { level: block.readInt32LE(72), devices: block.readUInt32LE(92) };
    }
  }
  const offset = Math.floor(sizeBytes / RAID_BLOCK_BYTES) * RAID_BLOCK_BYTES - RAID_BLOCK_BYTES;
  const block = await readBytes(reader, offset, 64);
  if (block.readUInt32LE(0) === RAID_MAGIC) {
    return { level: block.readInt32LE(28), devices: block.readUInt32LE(40) };
  }
  throw new StructureFault('structure.unusual');
}

function nameOfLevel(level: number): string {
  if (level === -1) return 'RAID (linear)';
  return level >= 0 ? `RAID ${level}` : 'RAID container';
}

const LABEL = 'LABELONE';
const AREA_MAGIC = ' LVM2 x[5A%r0N*>';
const AREA_HEADER_BYTES = 512;
const MAX_AREAS = 16;

async function lookAtVolumeGroup({
  reader,
}: Pick<Volume, 'reader'>): Promise<SimpleMessage | null> {
  const text = await readVolumeGroup(reader);
  if (text === null) return null;
  // A logical volume may be called "pv1", too.
  const [before = ''] = text.split(/^\s*logical_volumes \{/m);
  const [, physical = ''] = before.split(/^\s*physical_volumes \{/m);
  const count = [...physical.matchAll(/^\s*pv\d+ \{/gm)].length;
  if (count === 0) throw new StructureFault('structure.unusual');
  return count === 1 ? null : message('copy.lvm-volumes', { volumes: count });
}

/** The description of the volume group, null when the physical volume is in none. */
async function readVolumeGroup(reader: SectorReader): Promise<string | null> {
  const head = await readBytes(reader, 0, 4 * 512);
  const at = [0, 1, 2, 3].map((sector) => sector * 512);
  const label = at.find((offset) => head.toString('latin1', offset, offset + 8) === LABEL);
  if (label === undefined) throw new StructureFault('structure.unusual');
  const header = await readBytes(reader, label + head.readUInt32LE(label + 20), 512);
  // Behind UUID and size: data areas, then areas of metadata, either list ended by zeros.
  let entry = 40;
  const nextArea = (): number => {
    const offset = safeNumber(header.readBigUInt64LE(entry));
    entry += 16;
    return offset;
  };
  for (let area = 0; nextArea() !== 0; area += 1) {
    if (area > MAX_AREAS) throw new StructureFault('structure.unusual');
  }
  const start = nextArea();
  if (start === 0) throw new StructureFault('structure.unusual');
  const area = await readBytes(reader, start, AREA_HEADER_BYTES);
  if (area.toString('latin1', 4, 20) !== AREA_MAGIC) throw new StructureFault('structure.unusual');
  const areaBytes = safeNumber(area.readBigUInt64LE(32));
  const offset = safeNumber(area.readBigUInt64LE(40));
  const length = safeNumber(area.readBigUInt64LE(48));
  if (offset === 0) return null;
  // The area is a ring behind its header.
  const first = Math.min(length, areaBytes - offset);
  const text = await readBytes(reader, start + offset, first);
  const rest = await readBytes(reader, start + AREA_HEADER_BYTES, length - first);
  return Buffer.concat([text, rest]).toString('latin1');
}

const POOL_OFFSET = 16 * 1024;
const POOL_BYTES = 112 * 1024;
const CHILDREN = 'vdev_children';

async function lookAtPool({ reader }: Pick<Volume, 'reader'>): Promise<SimpleMessage | null> {
  const label = await readBytes(reader, POOL_OFFSET, POOL_BYTES);
  const at = label.indexOf(CHILDREN);
  // The name is padded to 16 bytes; type and number of values follow.
  if (at < 0 || at + 32 > label.length) throw new StructureFault('structure.unusual');
  const children = label.readBigUInt64BE(at + 24);
  const isCut = label.includes('raidz') || label.includes('draid');
  return children === 1n && !isCut ? null : message('copy.zfs-devices');
}
