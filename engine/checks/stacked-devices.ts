/** What the kernel has built on a disk: partitions, and device-mapper, RAID, bcache and loop devices above them. */

import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  blockDeviceNumber,
  deviceOfNumber,
  listPartitions,
  type BlockDevice,
} from '../system-info/block-device.ts';
import { readSysfs } from '../system-info/sysfs.ts';

export type Stack = {
  /** The disk first, then everything above it; each device once. */
  readonly devices: readonly BlockDevice[];
  readonly links: readonly StackLink[];
};

/** `upper` exists on top of `lower`; partitions are not links. */
export type StackLink = {
  readonly type: 'kernel-device' | 'loop';
  readonly lower: BlockDevice;
  readonly upper: BlockDevice;
  /** The name device-mapper has for it ("vg-root"); null for all others. */
  readonly upperName: string | null;
};

/** `sysfs` is where sysfs is mounted; another place only in tests, on kernels without device-mapper. */
export async function readStack(disk: BlockDevice, sysfs = '/sys'): Promise<Stack> {
  const devices: BlockDevice[] = [];
  const links: StackLink[] = [];
  const loops = await listLoops(sysfs);
  const queue = [disk];
  for (let device = queue.shift(); device !== undefined; device = queue.shift()) {
    const lower = device;
    if (devices.some((known) => known.deviceNumber === lower.deviceNumber)) continue;
    devices.push(lower);
    const above = [...(await listHolders(lower, sysfs)), ...loopsOver(lower, loops)];
    links.push(...above);
    queue.push(...(await listPartitions(lower)), ...above.map(({ upper }) => upper));
  }
  return { devices, links };
}

async function listHolders(lower: BlockDevice, sysfs: string): Promise<StackLink[]> {
  const links = await Promise.all(
    (await listDirectory(join(lower.sysfsDirectory, 'holders'))).map(async (name) => {
      const deviceNumber = await readSysfs(join(lower.sysfsDirectory, 'holders', name, 'dev'));
      const upper = deviceNumber === null ? null : await deviceOfNumber(deviceNumber, sysfs);
      if (upper === null) return [];
      const upperName = await readSysfs(join(upper.sysfsDirectory, 'dm/name'));
      return [{ type: 'kernel-device' as const, lower, upper, upperName }];
    }),
  );
  return links.flat();
}

type Loop = { device: BlockDevice; backingDeviceNumber: string };

/** Loop devices whose backing file is a block device: the kernel does not count them as holders. */
async function listLoops(sysfs: string): Promise<Loop[]> {
  const names = (await listDirectory(join(sysfs, 'block'))).filter((name) => /^loop\d/.test(name));
  const loops = await Promise.all(
    names.map(async (name): Promise<Loop[]> => {
      const directory = join(sysfs, 'block', basename(name));
      const backing = await readSysfs(join(directory, 'loop/backing_file'));
      if (backing?.startsWith('/dev/') !== true) return [];
      const own = await readSysfs(join(directory, 'dev'));
      const device = own === null ? null : await deviceOfNumber(own, sysfs);
      const backingDeviceNumber = await blockDeviceNumber(backing);
      return device === null || backingDeviceNumber === null
        ? []
        : [{ device, backingDeviceNumber }];
    }),
  );
  return loops.flat();
}

function loopsOver(lower: BlockDevice, loops: readonly Loop[]): StackLink[] {
  return loops
    .filter(({ backingDeviceNumber }) => backingDeviceNumber === lower.deviceNumber)
    .map(({ device }) => ({ type: 'loop' as const, lower, upper: device, upperName: null }));
}

async function listDirectory(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
