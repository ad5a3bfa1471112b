/**
 * Source disk (a): MBR with NTFS, FAT32 and an extended partition that holds ext4, a small Linux that boots, and
 * swap. GRUB 2 lies in the MBR and the gap behind it, boot code in every EBR, random bytes in what is left between.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { sectorsToBytes } from '../../../lib/units.ts';
import { readEbrChain } from '../boot-areas.ts';
import { partitionDevice } from '../loop-device.ts';
import { readTable } from '../sfdisk.ts';
import { installGrub, makeGrub } from './grub.ts';
import {
  MEBIBYTE,
  buildDisk,
  makeFilesystem,
  mebibytes,
  writeAt,
  writeRandomSectors,
} from './layout.ts';
import type { SourceOptions } from './layout.ts';
import { makeLinux, type BootProof } from './linux.ts';
import { randomBytes } from './seeded-random.ts';

const SIZE_MEBIBYTES = 3072;
const EXT4_NUMBER = 5;

/** Makes the disk; returns what it prints when it boots. With 4096-byte sectors no BIOS starts it. */
export async function makeMbrDisk(run: Run, options: SourceOptions): Promise<BootProof> {
  const { sectorSizeBytes } = options;
  const at = (start: number, size: number): string =>
    `start=${mebibytes(start, sectorSizeBytes)}, size=${mebibytes(size, sectorSizeBytes)}`;
  const script = [
    'label: dos',
    `label-id: 0x${randomUUID().slice(0, 8)}`,
    `1: ${at(1, 900)}, type=7, bootable`,
    `2: ${at(901, 400)}, type=c`,
    `3: ${at(1301, 1700)}, type=f`,
    `${EXT4_NUMBER}: ${at(1302, 1400)}, type=83`,
    `6: ${at(2703, 256)}, type=82`,
  ];
  const uuid = randomUUID();
  const linux = await makeLinux(run, { directory: join(options.directory, 'linux'), uuid });
  const grub = await makeGrub(run, {
    directory: join(options.directory, 'grub'),
    uuid,
    kernelArguments: linux.kernelArguments,
  });
  const disk = { ...options, sizeBytes: SIZE_MEBIBYTES * MEBIBYTE, script };
  await buildDisk(run, disk, async (device) => {
    const onDevice = { ...options, device };
    await makeFilesystem(run, onDevice, {
      number: 1,
      filesystem: 'ntfs',
      make: { tool: 'mkntfs', args: ['-Q', '-L', 'Windows Büro'] },
      recipe: { seed: 1, copiedBytes: 110 * MEBIBYTE, randomBytes: 20 * MEBIBYTE, kind: 'ntfs' },
    });
    await makeFilesystem(run, onDevice, {
      number: 2,
      filesystem: 'vfat',
      make: { tool: 'mkfs.vfat', args: ['-F', '32', '-n', 'DATEN'] },
      recipe: { seed: 2, copiedBytes: 60 * MEBIBYTE, randomBytes: 12 * MEBIBYTE, kind: 'fat' },
    });
    await makeFilesystem(run, onDevice, {
      number: EXT4_NUMBER,
      filesystem: 'ext4',
      make: { tool: 'mkfs.ext4', args: ['-q', '-F', '-U', uuid, '-L', 'linux-root'] },
      recipe: { seed: 3, copiedBytes: 140 * MEBIBYTE, randomBytes: 32 * MEBIBYTE, kind: 'posix' },
      extraFiles: { ...linux.files, ...grub.files },
    });
    await run('mkswap', ['-L', 'auslagern', partitionDevice(device, 6)]);
    await writeBetween(run, onDevice, grub);
  });
  return linux.proof;
}

/** GRUB, then random bytes wherever no table and no boot loader lies. */
async function writeBetween(
  run: Run,
  disk: SourceOptions & { readonly device: string },
  grub: { readonly bootImage: Buffer; readonly coreImage: Buffer },
): Promise<void> {
  const { device, sectorSizeBytes } = disk;
  const table = await readTable(run, device);
  const gap = { startSector: 1, sectorCount: mebibytes(1, sectorSizeBytes) - 1 };
  writeRandomSectors(device, gap, { seed: 10, sectorSizeBytes });
  installGrub(device, grub, sectorSizeBytes);
  for (const [index, ebr] of readEbrChain(device, table).entries()) {
    // An EBR's entries and signature are in its last 66 bytes; the rest is for boot code.
    writeAt(device, sectorsToBytes(ebr.sector, sectorSizeBytes), randomBytes(20 + index, 446));
    const between = {
      startSector: ebr.sector + 1,
      sectorCount: ebr.logicalStartSector - ebr.sector - 1,
    };
    writeRandomSectors(device, between, { seed: 30 + index, sectorSizeBytes });
  }
}
