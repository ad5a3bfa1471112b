/** The steps of a capture that read the disk: one for each partition and each gap. */

import { endOf } from '../../lib/disk/tables/ranges.ts';
import type { ImageStream } from '../../lib/model/image.ts';
import { message } from '../../lib/model/messages/table.ts';
import { sectorsToBytes, type SectorRange } from '../../lib/units.ts';
import { assertSameHeader } from '../filesystems/swap.ts';
import { step, type StepWork } from '../step-runner.ts';
import type { CaptureJob } from './capture-job.ts';
import type { CaptureSource } from './capture-stream.ts';
import type { PartitionPlan } from './partition-plan.ts';
import type { Sources } from './partition-sources.ts';
import { sendStream } from './send-stream.ts';

/** `sources` is asked when the step begins: an earlier one chooses them. */
export function partitionStep(
  job: CaptureJob,
  { partition, device, filesystem, content }: PartitionPlan,
  sources: () => Sources,
  streams: Map<string, ImageStream>,
): StepWork | null {
  const { number } = partition;
  const sizeBytes = sectorsToBytes(partition.sectorCount, job.disk.logicalSectorBytes);
  const what = { partition: number, filesystem: filesystem?.type ?? null, sizeBytes };
  switch (content.type) {
    case 'extended':
      return null;
    case 'swap': {
      const { header } = content;
      return step(
        `read-p${number}`,
        message('step.keep-swap-header', what),
        () => assertSameHeader(device, header),
        { writes: false },
      );
    }
    case 'swap-and-more':
    case 'inspect':
    case 'every-sector':
    case 'refused':
      return step(
        `capture-p${number}`,
        message('step.read-partition', what),
        (context) => {
          const chosen = sources().get(number);
          if (chosen === undefined) throw new TypeError(`no source for partition ${number}`);
          const { source, warnings } = chosen;
          return sendStream(
            job,
            streams,
            { key: `p${number}`, source, sizeBytes, warnings },
            context,
          );
        },
        { writes: false, totalBytes: sizeBytes },
      );
  }
}

export function gapStep(
  job: CaptureJob,
  partitions: readonly PartitionPlan[],
  range: SectorRange,
  index: number,
  streams: Map<string, ImageStream>,
): StepWork {
  const { address, logicalSectorBytes } = job.disk;
  const sizeBytes = sectorsToBytes(range.sectorCount, logicalSectorBytes);
  const key = `gap-${index + 1}`;
  const source: CaptureSource = {
    type: 'range',
    disk: address,
    range,
    sectorSizeBytes: logicalSectorBytes,
  };
  const isBehind = partitions.every(({ partition }) => range.startSector >= endOf(partition));
  return step(
    `capture-${key}`,
    message(isBehind ? 'step.read-behind' : 'step.read-gap', {
      sector: range.startSector,
      sizeBytes,
    }),
    (context) => sendStream(job, streams, { key, source, sizeBytes, warnings: [] }, context),
    { writes: false, totalBytes: sizeBytes },
  );
}
