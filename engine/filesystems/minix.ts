/**
 * Minix 1 and 2: which zones hold data, by the zone map. Structures as in the Linux kernel's include/uapi/linux/minix_fs.h,
 * little-endian. Minix 3 does not say whether it was unmounted, and partclone cannot read it: copied whole.
 */

import { message } from '../../lib/model/messages/table.ts';
import { emptyBlockMap, markUsed } from './block-map.ts';
import { everySectorOnFault, largerThanPartition, type Inspection } from './inspection.ts';
import type { Filesystem, Volume } from './filesystem.ts';
import { mustHold, readBytes } from './structure.ts';

const BLOCK_BYTES = 1024;
const MAGICS_V1 = [0x137f, 0x138f];
const MAGICS_V2 = [0x2468, 0x2478];
const MAGIC_V3 = 0x4d5a;
const STATE_VALID = 1;
const STATE_ERROR = 2;

export const MINIX = {
  program: { name: 'partclone.minix', options: [] },
  inspect,
} satisfies Filesystem;

async function inspect(volume: Pick<Volume, 'reader' | 'sizeBytes'>): Promise<Inspection> {
  return everySectorOnFault(async () => {
    const { reader, sizeBytes } = volume;
    const superBlock = await readBytes(reader, BLOCK_BYTES, BLOCK_BYTES);
    const magic = superBlock.readUInt16LE(16);
    const isV2 = MAGICS_V2.includes(magic);
    if (!isV2 && !MAGICS_V1.includes(magic)) {
      mustHold(superBlock.readUInt16LE(24) === MAGIC_V3, 'structure.minix-version');
      return {
        type: 'every-sector',
        reason: message('copy.never-says-clean', { filesystem: 'Minix 3' }),
      };
    }
    const zones = isV2 ? superBlock.readUInt32LE(20) : superBlock.readUInt16LE(2);
    const inodeMapBlocks = superBlock.readUInt16LE(4);
    const zoneMapBlocks = superBlock.readUInt16LE(6);
    const firstDataZone = superBlock.readUInt16LE(8);
    const state = superBlock.readUInt16LE(18);
    if (zones * BLOCK_BYTES > sizeBytes) return largerThanPartition();
    const mapBytes = zoneMapBlocks * BLOCK_BYTES;
    mustHold(
      superBlock.readUInt16LE(10) === 0 &&
        firstDataZone <= zones &&
        mapBytes * 8 > zones - firstDataZone,
      'structure.super-block-unusual',
    );
    if ((state & STATE_VALID) === 0 || (state & STATE_ERROR) !== 0) {
      return {
        type: 'every-sector',
        reason: message('copy.unclean-map'),
      };
    }
    const used = emptyBlockMap(BLOCK_BYTES, zones);
    markUsed(used, 0, firstDataZone);
    const map = await readBytes(reader, (2 + inodeMapBlocks) * BLOCK_BYTES, mapBytes);
    // The first bit stands for no zone.
    for (let bit = 1; bit <= zones - firstDataZone; bit += 1) {
      if (((map[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0) {
        markUsed(used, firstDataZone + bit - 1, 1);
      }
    }
    return { type: 'used-blocks', used, endBytes: zones * BLOCK_BYTES, warnings: [] };
  });
}
