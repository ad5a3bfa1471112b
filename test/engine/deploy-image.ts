/** The description of an image, made from the partition table that is on a real disk. */

import { readPartitionTable } from '../../lib/disk/tables/partition-table.ts';
import { requiredBytes } from '../../lib/disk/layout/fit.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import { collectSystemInfo } from '../../engine/system-info/collect.ts';
import { selectDisk } from '../../lib/disk/disk-selection.ts';
import { run } from '../../lib/exec/run.ts';
import { ImageId, VersionId } from '../../lib/model/ids.ts';
import { ImagePartition } from '../../lib/model/image.ts';
import { Sha256 } from '../../lib/model/names.ts';
import type { DeployImage } from '../../lib/model/operations/assignment.ts';
import type { Disk } from '../../lib/model/system-info.ts';

/** The disk as the engine sees it. */
export async function describedDisk(address: string): Promise<Disk> {
  const { disks } = await collectSystemInfo(run, { onlyDisks: [address] });
  return selectDisk(disks, { type: 'address', value: address });
}

/** An image of the disk's table; every partition is swap, so that there is no stream. */
export async function imageOfTable(address: string): Promise<DeployImage> {
  const disk = await describedDisk(address);
  const reader = await fileReader(address, disk.logicalSectorBytes);
  try {
    const { table, areas } = await readPartitionTable(reader);
    return {
      disk,
      requiredBytes: requiredBytes(table),
      compression: 'none',
      partitionTable: table,
      tableAreas: [...areas],
      gaps: [],
      partitions: table.partitions.map((partition) =>
        ImagePartition.parse({
          ...partition,
          filesystem: null,
          content:
            'kind' in partition && partition.kind === 'extended'
              ? { type: 'extended' }
              : { type: 'swap', uuid: null, label: null },
        }),
      ),
      imageId: ImageId.parse('image-0000000001'),
      versionId: VersionId.parse('version-0000000001'),
      name: 'win11',
      manifestSha256: Sha256.parse('0'.repeat(64)),
    };
  } finally {
    await reader.close();
  }
}
