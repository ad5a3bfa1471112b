/** Which operating systems seem to be installed: a guess for people, made without mounting anything. */

import type { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import type {
  Disk,
  DiskPartition,
  OperatingSystem as OperatingSystemSchema,
} from '../../lib/model/system-info.ts';
import { filesystemOf } from '../filesystems/table.ts';
import { partitionAddress } from './block-device.ts';
import { factOr } from './optional-facts.ts';

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
  { filesystem }: DiskPartition,
): Promise<string | null> {
  const { operatingSystem } = filesystemOf(filesystem?.type ?? null);
  if (operatingSystem === undefined) return null;
  return factOr(null, () => operatingSystem(run, address));
}
