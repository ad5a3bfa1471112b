/** What the kernel knows of a disk's partitions, compared with the table on the disk, and completed for the time of a capture. */

import { join } from 'node:path';
import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type {
  GptPartition,
  MbrPartition,
  PartitionTable,
} from '../../lib/model/partition-table.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import {
  KERNEL_SECTOR_BYTES,
  sectorsToBytes,
  type Bytes,
  type SectorRange,
} from '../../lib/units.ts';
import { findBlockDevice, listPartitions } from '../system-info/block-device.ts';
import { readSysfs } from '../system-info/sysfs.ts';
import { addPartition } from '../tools/partx.ts';

/** The container of logical partitions, which the kernel has as one of two sectors, or not at all. */
export function isExtended(partition: MbrPartition | GptPartition): boolean {
  return 'kind' in partition && partition.kind === 'extended';
}

/**
 * Kernels without the right partition parser do not know all partitions: they are told of them. `onAdded` is called for each,
 * at once, so that it can be taken back whatever follows. Throws `partition-table-bad` as `assertSameRange` does.
 */
export async function addMissingPartitions(
  run: Run,
  disk: Disk,
  { partitions }: PartitionTable,
  onAdded: (number: number) => void,
): Promise<void> {
  const ranges = await kernelRanges(disk);
  for (const partition of partitions) {
    if (isExtended(partition)) continue;
    const { number } = partition;
    const known = ranges.get(number);
    if (known !== undefined) {
      assertSameRange(disk, partition, known);
      continue;
    }
    await addPartition(run, disk.address, number, partition, disk.logicalSectorBytes);
    onAdded(number);
  }
}

/** Where the kernel has each partition, by its number, in units of KERNEL_SECTOR_BYTES. */
export async function kernelRanges(disk: Disk): Promise<ReadonlyMap<number, SectorRange>> {
  const ranges = new Map<number, SectorRange>();
  for (const partition of await listPartitions(await findBlockDevice(disk.address))) {
    const size = await readSysfs(join(partition.sysfsDirectory, 'size'));
    const { number, startKernelSector: startSector } = partition;
    ranges.set(number, { startSector, sectorCount: Number(size) });
  }
  return ranges;
}

/**
 * The kernel may still go by a table that was replaced since: then it would read other sectors than the plan says. Throws
 * `partition-table-bad`.
 */
export function assertSameRange(
  disk: Disk,
  partition: SectorRange & { readonly number: number },
  known: SectorRange,
): void {
  const bytes = (sectors: number): Bytes => sectorsToBytes(sectors, disk.logicalSectorBytes);
  if (
    bytes(partition.startSector) === sectorsToBytes(known.startSector, KERNEL_SECTOR_BYTES) &&
    bytes(partition.sectorCount) === sectorsToBytes(known.sectorCount, KERNEL_SECTOR_BYTES)
  ) {
    return;
  }
  throw new OperatorError({
    code: 'partition-table-bad',
    message: `planning the capture of ${describeDisk(disk)}: the kernel has partition ${partition.number} elsewhere than the table on the disk`,
    hint: `Restart the host, or run \`partx --update ${disk.address}\` on it, then capture again.`,
  });
}
