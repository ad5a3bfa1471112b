/** Block devices and their partitions as the kernel has them in /sys (Documentation/ABI/stable/sysfs-block). */

import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import type { Sectors } from '../../lib/units.ts';
import { readSysfs } from './sysfs.ts';

export type BlockDevice = {
  /** "/dev/loop3p1". */
  readonly address: string;
  /** Major and minor number as the kernel writes them: "259:2". */
  readonly deviceNumber: string;
  /** "/sys/devices/virtual/block/loop3/loop3p1". */
  readonly sysfsDirectory: string;
};

export type KernelPartition = BlockDevice & {
  readonly number: number;
  /** In units of KERNEL_SECTOR_BYTES. */
  readonly startKernelSector: Sectors;
};

/** The device that `address` means, links followed. Throws `disk-not-found` when it is no block device. */
export async function findBlockDevice(address: string): Promise<BlockDevice> {
  const deviceNumber = await blockDeviceNumber(address);
  const device = deviceNumber === null ? null : await deviceOfNumber(deviceNumber);
  if (device === null) {
    throw new OperatorError({
      code: 'disk-not-found',
      message: `looking for the disk ${address}`,
      hint: 'There is no such block device on this host now: see its list of disks.',
    });
  }
  return device;
}

/** The partitions of `disk` that the kernel knows, by number; none for a partition. */
export async function listPartitions(disk: BlockDevice): Promise<KernelPartition[]> {
  const entries = await readdir(disk.sysfsDirectory, { withFileTypes: true });
  const partitions = await Promise.all(
    entries.map(async (entry): Promise<KernelPartition[]> => {
      const directory = join(disk.sysfsDirectory, entry.name);
      const place = entry.isDirectory() ? await readPartitionPlace(directory) : null;
      const deviceNumber = place === null ? null : await readSysfs(join(directory, 'dev'));
      if (place === null || deviceNumber === null) return [];
      return [{ ...describe(deviceNumber, directory), ...place }];
    }),
  );
  return partitions.flat().sort((a, b) => a.number - b.number);
}

/** Number and start of the partition whose /sys directory is given; null when it is no partition. */
export async function readPartitionPlace(
  sysfsDirectory: string,
): Promise<Pick<KernelPartition, 'number' | 'startKernelSector'> | null> {
  const number = await readSysfs(join(sysfsDirectory, 'partition'));
  const start = await readSysfs(join(sysfsDirectory, 'start'));
  if (number === null || start === null) return null;
  return { number: Number(number), startKernelSector: Number(start) };
}

/** The kernel's name of a partition: /dev/sda and 1 give /dev/sda1, /dev/nvme0n1 and 1 give /dev/nvme0n1p1. */
export function partitionAddress(diskAddress: string, number: number): string {
  return `${diskAddress}${/\d$/.test(diskAddress) ? 'p' : ''}${number}`;
}

/** "259:2" for the block device at `path`; null when there is none. */
export async function blockDeviceNumber(path: string): Promise<string | null> {
  try {
    const status = await stat(path);
    return status.isBlockDevice() ? formatDeviceNumber(status.rdev) : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** The device with this number; null when the kernel has none. `sysfs` is where sysfs is mounted. */
export async function deviceOfNumber(
  deviceNumber: string,
  sysfs = '/sys',
): Promise<BlockDevice | null> {
  try {
    return describe(deviceNumber, await realpath(join(sysfs, 'dev/block', deviceNumber)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function describe(deviceNumber: string, sysfsDirectory: string): BlockDevice {
  // A slash in a device's name is "!" in /sys.
  const address = `/dev/${basename(sysfsDirectory).replaceAll('!', '/')}`;
  return { address, deviceNumber, sysfsDirectory };
}

/** glibc's dev_t (gnu_dev_major(3)): 12 bits major, 8 bits minor, then the upper minor bits. */
function formatDeviceNumber(rdev: number): string {
  return `${(rdev >>> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >>> 12) & 0xfff00)}`;
}
