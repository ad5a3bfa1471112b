/** Disks as sparse files, partitioned by the real tools, for the tests of lib/disk/tables. */

import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { fileReader } from '../../../../lib/disk/file-reader.ts';
import { readPartitionTable } from '../../../../lib/disk/tables/partition-table.ts';
import type { TableOnDisk } from '../../../../lib/disk/tables/table-area.ts';
import { run } from '../../../../lib/exec/run.ts';
import type { TableArea } from '../../../../lib/model/partition-table.ts';
import { sectorsToBytes, type Bytes, type Sectors } from '../../../../lib/units.ts';
import { attachLoop } from '../../../lab/loop-device.ts';
import { detachOwn } from '../../../engine/scratch-disk.ts';

/** Partitions the disk with `script` as in sfdisk(8). */
export async function sfdisk(path: string, script: string, sectorSizeBytes = 512): Promise<void> {
  await withDevice(path, sectorSizeBytes, (device) =>
    run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', device], { input: script }),
  );
}

export async function sgdisk(path: string, ...options: string[]): Promise<void> {
  await run('sgdisk', [...options, path]);
}

/** Throws unless `sfdisk --verify` and `sgdisk --verify` find nothing wrong. */
export async function assertVerified(path: string, sectorSizeBytes: Bytes): Promise<void> {
  await withDevice(path, sectorSizeBytes, async (device) => {
    const bySfdisk = await run('sfdisk', ['--verify', device]);
    assert.match(bySfdisk.stdout + bySfdisk.stderr, /No errors detected/);
    const bySgdisk = await run('sgdisk', ['--verify', device]);
    assert.match(bySgdisk.stdout + bySgdisk.stderr, /No problems found/);
  });
}

/** Both tools take another sector size than 512 from a device only: a loop device, for as long as `use` runs. */
async function withDevice<T>(
  path: string,
  sectorSizeBytes: Bytes,
  use: (device: string) => Promise<T>,
): Promise<T> {
  if (sectorSizeBytes === 512) return use(path);
  const device = await attachLoop(run, path, { sectorSizeBytes });
  try {
    return await use(device);
  } finally {
    await detachOwn(device);
  }
}

export async function readDisk(path: string, sectorSizeBytes = 512): Promise<TableOnDisk> {
  const reader = await fileReader(path, sectorSizeBytes);
  try {
    return await readPartitionTable(reader);
  } finally {
    await reader.close();
  }
}

export async function readBytes(
  path: string,
  offsetBytes: Bytes,
  sizeBytes: Bytes,
): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(sizeBytes),
      0,
      sizeBytes,
      offsetBytes,
    );
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export async function writeBytes(path: string, offsetBytes: Bytes, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.write(bytes, 0, bytes.length, offsetBytes);
  } finally {
    await handle.close();
  }
}

export async function writeAreas(
  path: string,
  areas: readonly TableArea[],
  sectorSizeBytes: Bytes,
): Promise<void> {
  for (const { startSector, dataBase64 } of areas) {
    await writeBytes(
      path,
      sectorsToBytes(startSector, sectorSizeBytes),
      Buffer.from(dataBase64, 'base64'),
    );
  }
}

const SfdiskJson = z.object({
  partitiontable: z.object({
    label: z.string(),
    id: z.string(),
    sectorsize: z.number(),
    firstlba: z.number().optional(),
    lastlba: z.number().optional(),
    partitions: z
      .array(
        z.object({
          node: z.string(),
          start: z.number(),
          size: z.number(),
          type: z.string(),
          uuid: z.string().optional(),
          name: z.string().optional(),
          attrs: z.string().optional(),
          bootable: z.boolean().optional(),
        }),
      )
      .default([]),
  }),
});
type SfdiskJsonTable = z.infer<typeof SfdiskJson>['partitiontable'];
type SfdiskPartition = Omit<SfdiskJsonTable['partitions'][number], 'node'> & { number: number };
export type SfdiskTable = Omit<SfdiskJsonTable, 'partitions'> & { partitions: SfdiskPartition[] };

/** What `sfdisk --json` says of the disk, with numbers in place of device names. */
export async function sfdiskTable(path: string, sectorSizeBytes = 512): Promise<SfdiskTable> {
  return withDevice(path, sectorSizeBytes, async (device) => {
    const { stdout } = await run('sfdisk', ['--json', device]);
    const { partitiontable } = SfdiskJson.parse(JSON.parse(stdout));
    const partitions = partitiontable.partitions.map(({ node, ...partition }) => ({
      ...partition,
      number: Number(node.slice(device.length).replace('p', '')),
    }));
    return { ...partitiontable, partitions };
  });
}

export type Place = { number: number; startSector: Sectors; sectorCount: Sectors };

/** Number, start and size of each partition as `sfdisk --json` counts them. */
export function placesOf(table: SfdiskTable): Place[] {
  return table.partitions.map(({ number, start, size }) => ({
    number,
    startSector: start,
    sectorCount: size,
  }));
}

/** Number, start and size alone, as placesOf gives them. */
export function placeOf({ number, startSector, sectorCount }: Place): Place {
  return { number, startSector, sectorCount };
}
