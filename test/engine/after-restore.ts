/** What a deploy does to a partition when its stream is written, done to one by itself. */

import { performOnPartition } from '../../engine/disk/partition-actions.ts';
import type { StepEnd } from '../../engine/step-runner.ts';
import { run } from '../../lib/exec/run.ts';
import { filesystemOfPartition } from '../../lib/filesystems/kinds.ts';
import type { ImagePartition, PartitionContent } from '../../lib/model/image.ts';
import { SAMPLE_MANIFEST } from '../support/images.ts';

async function finish(device: string, partition: ImagePartition): Promise<StepEnd> {
  const sizeBytes = partition.sectorCount * 512;
  const { content } = partition;
  const after = filesystemOfPartition(partition).afterRestore({ content, sizeBytes });
  if (after === null) throw new TypeError(`nothing is to be done after ${content.type}`);
  return performOnPartition(after.actions, { run, device, sectorSizeBytes: 512 });
}

function samplePartition(): ImagePartition {
  const [ntfs] = SAMPLE_MANIFEST.partitions;
  if (ntfs?.filesystem?.type !== 'ntfs') throw new TypeError('the sample has an NTFS');
  return ntfs;
}

/** After partclone has written an NTFS to `device`. */
export async function finishNtfs(device: string): Promise<StepEnd> {
  return finish(device, samplePartition());
}

/** For a swap area that an image has nothing of, or its header. */
export async function finishSwap(
  device: string,
  swap: Omit<Extract<PartitionContent, { type: 'swap' }>, 'type'>,
): Promise<StepEnd> {
  return finish(device, { ...samplePartition(), content: { type: 'swap', ...swap } });
}
