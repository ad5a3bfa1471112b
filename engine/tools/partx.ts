/** partx(8), and BLKPG of linux/blkpg.h: what the kernel knows of partitions, with or without a table on the disk. */

import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { ADD_PARTITION } from '../../lib/disk/add-partition.ts';
import {
  KERNEL_SECTOR_BYTES,
  sectorsToBytes,
  type Bytes,
  type SectorRange,
} from '../../lib/units.ts';

/**
 * Tells the kernel of a partition; its device file appears at once. Throws `partition-table-bad` for a number that no Linux
 * knows, `tool-failed` when the kernel refuses.
 */
export async function addPartition(
  run: Run,
  disk: string,
  number: number,
  range: SectorRange,
  sectorSizeBytes: Bytes,
): Promise<void> {
  const start = sectorsToBytes(range.startSector, sectorSizeBytes) / KERNEL_SECTOR_BYTES;
  const count = sectorsToBytes(range.sectorCount, sectorSizeBytes) / KERNEL_SECTOR_BYTES;
  const args = ['-e', ADD_PARTITION, disk, String(number), String(start), String(count)];
  await run('perl', args).catch((cause: unknown) => {
    if (!(cause instanceof OperatorError) || cause.code !== 'tool-failed') throw cause;
    throw new OperatorError({
      code: 'tool-failed',
      message: `telling the kernel of partition ${number} of ${disk} (${count} sectors of ${KERNEL_SECTOR_BYTES} bytes from ${start})`,
      hint: 'See the reason below and what `dmesg` says on that host.',
      cause,
    });
  });
}

/** Makes the kernel forget a partition. Throws `tool-failed` when something uses it. */
export async function removePartition(run: Run, disk: string, number: number): Promise<void> {
  await run('partx', ['--delete', '--nr', String(number), disk]);
}

/**
 * Gives the kernel the partitions as the table on the disk has them; works without a partition parser in the kernel.
 * partx 2.38.1 stops at the first number that the table lacks and still ends with status 0: what the kernel knew
 * from there on stays as it was.
 */
export async function updatePartitions(run: Run, disk: string): Promise<void> {
  await run('partx', ['--update', disk]);
}
