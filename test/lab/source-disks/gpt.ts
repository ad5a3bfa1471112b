/**
 * Source disk (b): GPT with an ESP, bios_boot, ext4, XFS, btrfs, swap and a partition of random bytes, with a number
 * left out, attributes set, and boot code in the protective MBR.
 */

import { randomUUID } from 'node:crypto';
import type { Run } from '../../../lib/exec/run.ts';
import { endOfGptEntries } from '../boot-areas.ts';
import { partitionDevice } from '../loop-device.ts';
import { readTable } from '../sfdisk.ts';
import {
  MEBIBYTE,
  buildDisk,
  makeFilesystem,
  mebibytes,
  writeAt,
  writeRandomSectors,
} from './layout.ts';
import type { SourceOptions } from './layout.ts';
import { randomBytes } from './seeded-random.ts';

const SIZE_MEBIBYTES = 2560;
const ESP_TYPE = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';
const BIOS_BOOT_TYPE = '21686148-6449-6E6F-744E-656564454649';
const LINUX_TYPE = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';
const SWAP_TYPE = '0657FD6D-A4AB-43C4-84E5-0933C84B4F4F';

export async function makeGptDisk(run: Run, options: SourceOptions): Promise<void> {
  const { sectorSizeBytes } = options;
  const entry = (number: number, start: number, size: number, rest: string): string =>
    `${number}: start=${mebibytes(start, sectorSizeBytes)}, size=${mebibytes(size, sectorSizeBytes)}, ` +
    `uuid=${randomUUID()}, ${rest}`;
  const script = [
    'label: gpt',
    `label-id: ${randomUUID()}`,
    entry(1, 1, 300, `type=${ESP_TYPE}, name="EFI System", attrs="RequiredPartition"`),
    entry(2, 301, 2, `type=${BIOS_BOOT_TYPE}, name="bios_boot", attrs="LegacyBIOSBootable"`),
    entry(3, 304, 700, `type=${LINUX_TYPE}, name="Wurzel für Linux"`),
    entry(4, 1004, 600, `type=${LINUX_TYPE}, name="xfs", attrs="GUID:48,63"`),
    entry(5, 1604, 600, `type=${LINUX_TYPE}, name="btrfs"`),
    entry(7, 2204, 128, `type=${SWAP_TYPE}, name="swap"`),
    entry(8, 2332, 40, `type=${LINUX_TYPE}, name="no file system"`),
  ];
  const disk = { ...options, sizeBytes: SIZE_MEBIBYTES * MEBIBYTE, script };
  await buildDisk(run, disk, async (device) => {
    await makeFilesystems(run, { ...options, device });
    await run('mkswap', ['-L', 'swap-gpt', partitionDevice(device, 7)]);
    writeAt(partitionDevice(device, 2), 0, randomBytes(42, 2 * MEBIBYTE));
    writeAt(partitionDevice(device, 8), 0, randomBytes(48, 40 * MEBIBYTE));
    writeAt(device, 0, randomBytes(40, 440));
    const startSector = endOfGptEntries(device, await readTable(run, device));
    const gap = { startSector, sectorCount: mebibytes(1, sectorSizeBytes) - startSector };
    writeRandomSectors(device, gap, { seed: 41, sectorSizeBytes });
  });
}

async function makeFilesystems(
  run: Run,
  disk: SourceOptions & { readonly device: string },
): Promise<void> {
  await makeFilesystem(run, disk, {
    number: 1,
    filesystem: 'vfat',
    make: { tool: 'mkfs.vfat', args: ['-F', '32', '-n', 'ESP'] },
    recipe: { seed: 51, copiedBytes: 30 * MEBIBYTE, randomBytes: 8 * MEBIBYTE, kind: 'fat' },
  });
  await makeFilesystem(run, disk, {
    number: 3,
    filesystem: 'ext4',
    make: { tool: 'mkfs.ext4', args: ['-q', '-F', '-L', 'wurzel'] },
    recipe: { seed: 53, copiedBytes: 120 * MEBIBYTE, randomBytes: 24 * MEBIBYTE, kind: 'posix' },
  });
  await makeFilesystem(run, disk, {
    number: 4,
    filesystem: 'xfs',
    make: { tool: 'mkfs.xfs', args: ['-q', '-f', '-L', 'daten-xfs'] },
    recipe: { seed: 54, copiedBytes: 80 * MEBIBYTE, randomBytes: 16 * MEBIBYTE, kind: 'posix' },
  });
  await makeFilesystem(run, disk, {
    number: 5,
    filesystem: 'btrfs',
    make: { tool: 'mkfs.btrfs', args: ['-q', '-f', '-L', 'daten-btrfs'] },
    recipe: { seed: 55, copiedBytes: 80 * MEBIBYTE, randomBytes: 16 * MEBIBYTE, kind: 'posix' },
  });
}
