/** What will be captured of each partition, as far as it is known before the disk is write-protected. */

import { isDynamicPartition } from '../../lib/disk/dynamic-disk.ts';
import type { TableOnDisk } from '../../lib/disk/tables/table-area.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { GptPartition, MbrPartition } from '../../lib/model/partition-table.ts';
import type { Disk, Filesystem } from '../../lib/model/system-info.ts';
import { isExtended } from '../disk/kernel-partitions.ts';
import type { ContentPlan } from '../filesystems/content-plan.ts';
import { filesystemOf } from '../filesystems/table.ts';
import { partitionAddress } from '../system-info/block-device.ts';
import { probeDevice } from '../tools/blkid.ts';
import { message } from '../../lib/model/messages/table.ts';
/** The file system that blkid sees is the first volume in it; a dynamic disk may have others behind. */
const DYNAMIC: ContentPlan = {
  type: 'every-sector',
  reason: message('copy.dynamic-disk'),
};

/** What will be captured of one partition. How a stream is read is chosen when the disk is write-protected. */
export type PartitionPlan = {
  readonly partition: MbrPartition | GptPartition;
  readonly filesystem: Filesystem | null;
  readonly device: string;
  readonly content: ContentPlan | { readonly type: 'extended' };
};

export async function planPartitions(
  run: Run,
  disk: Disk,
  { table }: TableOnDisk,
): Promise<PartitionPlan[]> {
  const plans: PartitionPlan[] = [];
  for (const partition of table.partitions) {
    const device = partitionAddress(disk.address, partition.number);
    if (isExtended(partition)) {
      plans.push({ partition, device, filesystem: null, content: { type: 'extended' } });
      continue;
    }
    const probe = await probeDevice(run, device);
    const filesystem =
      probe.filesystemType === null
        ? null
        : {
            type: probe.filesystemType,
            uuid: probe.filesystemUuid,
            label: probe.filesystemLabel,
          };
    const { plan } = filesystemOf(probe.filesystemType);
    const planned = (await plan?.(device)) ?? null;
    const content = planned ?? (isDynamicPartition(partition) ? DYNAMIC : { type: 'inspect' });
    plans.push({ partition, device, filesystem, content });
  }
  return plans;
}
