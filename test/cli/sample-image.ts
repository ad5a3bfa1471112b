/** Small real images, made of real disks with the tools alone: nothing of the engine's. */

import { createHash } from 'node:crypto';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../../lib/exec/run.ts';
import { startPipeline, type Stage } from '../../lib/exec/pipeline.ts';
import {
  Manifest,
  type Compression,
  type ImageGap,
  type ImagePartition,
  type ImageStream,
} from '../../lib/model/image.ts';
import type { TableArea } from '../../lib/model/partition-table.ts';
import { Sha256 } from '../../lib/model/names.ts';
import { attachLoop, detachLoops, partitionDevice } from '../lab/loop-device.ts';
import { closeSync, openSync } from 'node:fs';

export type SamplePartition = {
  readonly number: number;
  readonly filesystem: 'ext4' | 'ntfs' | 'vfat' | 'swap' | 'none' | 'extended';
};

export type SampleDisk = {
  readonly sizeBytes: number;
  readonly sectorSizeBytes: number;
  /** What `sfdisk` reads. */
  readonly table: string;
  readonly tableType: 'dos' | 'gpt';
  readonly partitions: readonly SamplePartition[];
  readonly compression: Compression;
  /** Sectors with the boot loader's core. */
  readonly gap: { readonly startSector: number; readonly sectorCount: number } | null;
};

const Listing = z.object({
  partitiontable: z.object({
    partitions: z.array(z.object({ node: z.string(), start: z.number(), size: z.number() })),
  }),
});

export const SAMPLE_UUID = '7a1d8f0e-3a52-4c2b-9d0e-4a1f5b6c7d8e';

/** Makes the disk `directory`/source.img, and its image in `directory`. Returns the manifest. */
export async function makeSampleImage(directory: string, sample: SampleDisk): Promise<Manifest> {
  const file = join(directory, 'source.img');
  writeFileSync(file, '');
  truncateSync(file, sample.sizeBytes);
  const blank = await attachLoop(run, file, { sectorSizeBytes: sample.sectorSizeBytes });
  try {
    await run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', blank], {
      input: sample.table,
    });
  } finally {
    await detachLoops(run, { path: file });
  }
  const device = await attachLoop(run, file, { sectorSizeBytes: sample.sectorSizeBytes });
  try {
    for (const partition of sample.partitions) await fill(directory, device, partition);
    return await captureBySteps(directory, device, sample);
  } finally {
    await detachLoops(run, { path: file });
  }
}

async function fill(
  directory: string,
  device: string,
  { number, filesystem }: SamplePartition,
): Promise<void> {
  const partition = partitionDevice(device, number);
  const content = join(directory, 'content.txt');
  writeFileSync(content, `partition ${number}\n`.repeat(20_000));
  switch (filesystem) {
    case 'ext4':
      await run('mkfs.ext4', ['-q', partition]);
      await run('debugfs', ['-w', '-R', `write ${content} content.txt`, partition]);
      return;
    case 'ntfs':
      await run('mkntfs', ['-Q', '-q', '-L', 'WINDOWS', partition]);
      await run('ntfscp', ['-q', partition, content, 'content.txt']);
      return;
    case 'vfat':
      await run('mkfs.vfat', [partition]);
      await run('mcopy', ['-i', partition, content, '::content.txt'], {
        env: { MTOOLS_SKIP_CHECK: '1' },
      });
      return;
    case 'swap':
      await run('mkswap', ['-U', SAMPLE_UUID, '-L', "it's swap", partition]);
      return;
    case 'none':
      await run('dd', ['if=/dev/urandom', `of=${partition}`, 'bs=64K', 'count=40', 'oflag=direct']);
      return;
    case 'extended':
      return;
  }
}

async function captureBySteps(
  directory: string,
  device: string,
  sample: SampleDisk,
): Promise<Manifest> {
  const { sectorSizeBytes, compression } = sample;
  await run('blockdev', ['--flushbufs', device]);
  const { stdout } = await run('sfdisk', ['--json', device]);
  const listed = Listing.parse(JSON.parse(stdout)).partitiontable.partitions;
  const partitions: ImagePartition[] = [];
  for (const { number, filesystem } of sample.partitions) {
    const node = partitionDevice(device, number);
    const range = listed.find((each) => each.node === node);
    if (range === undefined) throw new Error(`no partition ${number} in the sample`);
    partitions.push({
      number,
      startSector: range.start,
      sectorCount: range.size,
      filesystem:
        filesystem === 'none' || filesystem === 'extended'
          ? null
          : { type: filesystem, uuid: null, label: null },
      content:
        filesystem === 'extended'
          ? { type: 'extended' }
          : filesystem === 'swap'
            ? { type: 'swap', uuid: SAMPLE_UUID, label: "it's swap" }
            : {
                type: 'stream',
                stream: await captureStream(directory, sample, {
                  name: `p${number}`,
                  content: filesystem === 'none' ? 'raw' : 'partclone',
                  reader:
                    filesystem === 'none'
                      ? { tool: 'cat', args: [node] }
                      : {
                          tool: `partclone.${filesystem}`,
                          args: ['-c', '-a1', '-L', '/dev/null', '-s', node, '-o', '-'],
                        },
                }),
              },
    });
  }
  const gaps: ImageGap[] = [];
  if (sample.gap !== null) {
    const { startSector, sectorCount } = sample.gap;
    await run('dd', [
      'if=/dev/urandom',
      `of=${device}`,
      `bs=${sectorSizeBytes}`,
      `seek=${startSector}`,
      `count=${sectorCount}`,
      'conv=notrunc,fsync',
    ]);
    const stream = await captureStream(directory, sample, {
      name: 'gap-1',
      content: 'raw',
      reader: {
        tool: 'dd',
        args: [
          `if=${device}`,
          `bs=${sectorSizeBytes}`,
          `skip=${startSector}`,
          `count=${sectorCount}`,
        ],
      },
    });
    gaps.push({ startSector, sectorCount, stream });
  }
  return Manifest.parse({
    formatVersion: 1,
    imageId: 'image-0000000001',
    versionId: 'version-0000000001',
    name: 'sample',
    capturedAt: '2026-11-21T07:00:00.000Z',
    host: { id: 'host-0000000001', name: 'golden', mac: '52:54:00:77:00:01' },
    program: 'OpenClone test',
    disk: {
      address: device,
      model: 'sample',
      serial: null,
      wwn: null,
      sizeBytes: sample.sizeBytes,
      logicalSectorBytes: sectorSizeBytes,
      physicalSectorBytes: sectorSizeBytes,
    },
    requiredBytes: sample.sizeBytes,
    compression,
    compressionTool: compression,
    partitionTable: tableOf(sample),
    sfdiskDump: (await run('sfdisk', ['--dump', device])).stdout,
    tableAreas: tableAreas(directory, sample, partitions),
    gaps,
    partitions,
  });
}

async function captureStream(
  directory: string,
  { compression }: SampleDisk,
  source: { name: string; content: ImageStream['content']; reader: Stage },
): Promise<ImageStream> {
  const packer: Record<Compression, { suffix: string; stages: Stage[] }> = {
    zstd: { suffix: '.zst', stages: [{ tool: 'zstd', args: ['-q', '-c'] }] },
    gzip: { suffix: '.gz', stages: [{ tool: 'gzip', args: ['-c'] }] },
    lzo: { suffix: '.lzo', stages: [{ tool: 'lzop', args: ['-c'] }] },
    none: { suffix: '', stages: [] },
  };
  const { suffix, stages } = packer[compression];
  const name = `${source.name}.${source.content}${suffix}`;
  const path = join(directory, name);
  const fd = openSync(path, 'w');
  try {
    await startPipeline([source.reader, ...stages], { input: 'none', output: { fd } }).finished;
  } finally {
    closeSync(fd);
  }
  return {
    name,
    content: source.content,
    tool: source.reader.tool,
    rawBytes: 0,
    sizeBytes: statSync(path).size,
    sha256: Sha256.parse(createHash('sha256').update(readFileSync(path)).digest('hex')),
  };
}

/** The by-hand script needs the type only. */
function tableOf({ tableType, sectorSizeBytes, sizeBytes }: SampleDisk): object {
  const diskSectors = sizeBytes / sectorSizeBytes;
  return tableType === 'dos'
    ? { type: 'dos', diskSignature: '00000000', sectorSizeBytes, diskSectors, partitions: [] }
    : {
        type: 'gpt',
        diskGuid: SAMPLE_UUID.toUpperCase(),
        sectorSizeBytes,
        diskSectors,
        firstUsableSector: 34,
        entriesSector: 2,
        lastUsableSector: diskSectors - 34,
        entryCount: 128,
        entrySizeBytes: 128,
        backupHeaderSector: diskSectors - 1,
        partitions: [],
      };
}

function tableAreas(
  directory: string,
  { tableType, sectorSizeBytes, sizeBytes }: SampleDisk,
  partitions: readonly ImagePartition[],
): TableArea[] {
  const disk = readFileSync(join(directory, 'source.img'));
  const area = (kind: TableArea['kind'], startSector: number, sectorCount: number): TableArea => ({
    kind,
    startSector,
    sectorCount,
    dataBase64: disk
      .subarray(startSector * sectorSizeBytes, (startSector + sectorCount) * sectorSizeBytes)
      .toString('base64'),
  });
  if (tableType === 'gpt') {
    const sectors = 1 + (128 * 128) / sectorSizeBytes;
    return [
      area('mbr', 0, 1),
      area('gpt-primary', 1, sectors),
      area('gpt-backup', sizeBytes / sectorSizeBytes - sectors, sectors),
    ];
  }
  // sfdisk puts each EBR 2048 sectors before its logical partition.
  const ebrs = partitions
    .filter(({ number }) => number > 4)
    .map(({ startSector }) => area('ebr', startSector - 2048, 1));
  return [area('mbr', 0, 1), ...ebrs];
}
