/** The description of a captured disk, which becomes the manifest of an image. */

import { requiredBytes } from '../../lib/disk/layout/fit.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { CapturedDisk, ImageGap, ImagePartition, ImageStream } from '../../lib/model/image.ts';
import type { Bytes } from '../../lib/units.ts';
import { partcloneVersion } from '../tools/partclone.ts';
import { dumpTable } from '../tools/sfdisk.ts';
import type { Receipt } from '../transport/upload.ts';
import type { CaptureJob } from './capture-job.ts';
import { contentOf, type CaptureSource } from './capture-stream.ts';
import type { PartitionPlan } from './partition-plan.ts';
import type { SourceTable } from './source-table.ts';

/** A stream that the server has. */
export async function describeStream(
  run: Run,
  source: CaptureSource,
  sent: { readonly name: string; readonly rawBytes: Bytes; readonly receipt: Receipt },
): Promise<ImageStream> {
  const { name, rawBytes, receipt } = sent;
  const tool = await toolOf(run, source);
  return { name, content: contentOf(source), tool, rawBytes, ...receipt };
}

async function toolOf(run: Run, source: CaptureSource): Promise<string> {
  switch (source.type) {
    case 'filesystem':
      return partcloneVersion(run, source.program.name);
    case 'used-blocks':
      return 'OpenClone';
    case 'device':
    case 'range':
      return 'dd';
  }
}

/** `streams` by their keys. Throws TypeError when one that was planned is not among them. */
export async function describeCapture(
  { run, disk, compressor }: CaptureJob,
  { onDisk: { table, areas }, gaps }: SourceTable,
  partitions: readonly PartitionPlan[],
  streams: ReadonlyMap<string, ImageStream>,
): Promise<CapturedDisk> {
  const streamOf = (key: string): ImageStream => {
    const stream = streams.get(key);
    if (stream === undefined) throw new TypeError(`stream ${key} was not captured`);
    return stream;
  };
  return {
    disk: {
      address: disk.address,
      model: disk.model,
      serial: disk.serial,
      wwn: disk.wwn,
      sizeBytes: disk.sizeBytes,
      logicalSectorBytes: disk.logicalSectorBytes,
      physicalSectorBytes: disk.physicalSectorBytes,
    },
    requiredBytes: requiredBytes(table, gaps),
    compression: compressor.compression,
    compressionTool: compressor.tool,
    partitionTable: table,
    sfdiskDump: await dumpTable(run, disk.address),
    tableAreas: [...areas],
    gaps: gaps.map((range, index): ImageGap => ({
      ...range,
      stream: streamOf(`gap-${index + 1}`),
    })),
    partitions: partitions.map((plan) => describePartition(plan, streamOf)),
  };
}

function describePartition(
  { partition, filesystem, content }: PartitionPlan,
  streamOf: (key: string) => ImageStream,
): ImagePartition {
  const { number, startSector, sectorCount } = partition;
  const place = { number, startSector, sectorCount, filesystem };
  switch (content.type) {
    case 'extended':
      return { ...place, content: { type: 'extended' } };
    case 'swap': {
      const { uuid = null, label = null } = filesystem ?? {};
      return { ...place, content: { type: 'swap', uuid, label, header: content.header } };
    }
    case 'swap-and-more':
    case 'inspect':
    case 'every-sector':
    case 'refused':
      return { ...place, content: { type: 'stream', stream: streamOf(`p${number}`) } };
  }
}
