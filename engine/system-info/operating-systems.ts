/** Which operating systems seem to be installed: a guess for people, made without mounting anything. */

import type { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import type {
  Disk,
  DiskPartition,
  OperatingSystem as OperatingSystemSchema,
} from '../../lib/model/system-info.ts';
import { readExtFile } from '../tools/debugfs.ts';
import { hasNtfsDirectory } from '../tools/ntfsls.ts';
import { partitionAddress } from './block-device.ts';
import { factOr } from './fact.ts';

type OperatingSystem = z.infer<typeof OperatingSystemSchema>;

/**
 * Linux on ext2/3/4 by its own name, Windows by its system directory, others by their partition type. Roots on XFS,
 * btrfs, LVM or encrypted are named "Linux" when their partition type says so, else not found. Devices are only read.
 */
export async function findOperatingSystems(
  run: Run,
  disks: readonly Disk[],
): Promise<OperatingSystem[]> {
  const found: OperatingSystem[] = [];
  for (const disk of disks) {
    for (const partition of disk.partitions) {
      const address = partitionAddress(disk.address, partition.number);
      const name = (await nameByContent(run, address, partition)) ?? nameByType(partition);
      if (name !== null) found.push({ partition: address, name });
    }
  }
  return found;
}

/** PRETTY_NAME of an os-release file, or NAME; null when it has neither (os-release(5)). */
export function parseOsRelease(text: string): string | null {
  for (const key of ['PRETTY_NAME', 'NAME']) {
    const value = new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1]?.trim();
    const name = value === undefined ? '' : unquote(value);
    if (name !== '') return name;
  }
  return null;
}

function unquote(value: string): string {
  const inner = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
  return inner.replace(/\\(.)/g, '$1');
}

/** GPT types of root partitions (Discoverable Partitions Specification) and types that one system alone uses. */
const NAME_BY_TYPE: Readonly<Record<string, string>> = {
  '4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709': 'Linux', // root, x86-64
  'B921B045-1DF0-41C3-AF44-4C6F280D3FAE': 'Linux', // root, 64-bit ARM
  '7C3457EF-0000-11AA-AA11-00306543ECAC': 'macOS', // APFS
  '48465300-0000-11AA-AA11-00306543ECAC': 'macOS', // HFS+
  '516E7CB6-6ECF-11D6-8FF8-00022D09712B': 'FreeBSD', // UFS
  '516E7CBA-6ECF-11D6-8FF8-00022D09712B': 'FreeBSD', // ZFS
  '0xa5': 'FreeBSD',
  '0xa6': 'OpenBSD',
  '0xa9': 'NetBSD',
};

function nameByType(partition: DiskPartition): string | null {
  return NAME_BY_TYPE[partition.typeCode] ?? null;
}

async function nameByContent(
  run: Run,
  address: string,
  partition: DiskPartition,
): Promise<string | null> {
  switch (partition.filesystem?.type) {
    case 'ext2':
    case 'ext3':
    case 'ext4':
      return factOr(null, () => nameOfLinux(run, address));
    case 'ntfs': {
      const present = await factOr(false, () =>
        hasNtfsDirectory(run, address, '/Windows/System32'),
      );
      return present ? 'Windows' : null;
    }
    default:
      return null;
  }
}

async function nameOfLinux(run: Run, address: string): Promise<string | null> {
  // /etc/os-release is a symbolic link to the first one nearly everywhere.
  for (const path of ['/usr/lib/os-release', '/etc/os-release']) {
    const text = await readExtFile(run, address, path);
    if (text !== null) return parseOsRelease(text);
  }
  return null;
}
