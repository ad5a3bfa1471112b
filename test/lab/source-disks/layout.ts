/** What the two source disks have in common: laying out partitions, making file systems, filling what lies between. */

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { bytesToSectors, sectorsToBytes, type Bytes, type Sectors } from '../../../lib/units.ts';
import { attachLoop, detachLoops, partitionDevice } from '../loop-device.ts';
import { fillMounted, type ContentRecipe, type MountableFilesystem } from '../mount.ts';
import { writeTable } from '../sfdisk.ts';
import { randomBytes } from './seeded-random.ts';

export const MEBIBYTE = 1024 * 1024;

/** What a source disk is made from. */
export type SourceOptions = {
  /** The image file to make; whatever it was is lost. */
  readonly file: string;
  /** For mount points and copies; removed again. */
  readonly directory: string;
  readonly sectorSizeBytes: Bytes;
  readonly signal?: AbortSignal;
};

/** Sectors in `mebibytes`. */
export function mebibytes(count: number, sectorSizeBytes: Bytes): Sectors {
  return bytesToSectors(count * MEBIBYTE, sectorSizeBytes);
}

/**
 * Makes the sparse `file`, writes the table of `script` to it, and hands its loop device, with the partitions'
 * device files, to `build`. Detaches it whatever happens.
 */
export async function buildDisk(
  run: Run,
  disk: SourceOptions & { readonly sizeBytes: Bytes; readonly script: readonly string[] },
  build: (device: string) => Promise<void>,
): Promise<void> {
  const { file, directory, sectorSizeBytes, sizeBytes, script } = disk;
  rmSync(file, { force: true });
  writeFileSync(file, '');
  truncateSync(file, sizeBytes);
  mkdirSync(directory, { recursive: true });
  try {
    await onLoop(run, disk, (device) => writeTable(run, device, script));
    await onLoop(run, disk, build);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }

  async function onLoop(
    run: Run,
    options: { readonly signal?: AbortSignal },
    work: (device: string) => Promise<void>,
  ): Promise<void> {
    options.signal?.throwIfAborted();
    const device = await attachLoop(run, file, { sectorSizeBytes });
    try {
      await work(device);
    } finally {
      await detachLoops(run, { path: file, only: device });
    }
  }
}

/** Makes a file system on partition `number` by `tool` and fills it by `recipe`. */
export async function makeFilesystem(
  run: Run,
  disk: SourceOptions & { readonly device: string },
  partition: {
    readonly number: number;
    readonly filesystem: MountableFilesystem;
    readonly make: { readonly tool: string; readonly args: readonly string[] };
    readonly recipe: ContentRecipe;
    readonly extraFiles?: Record<string, string>;
  },
): Promise<void> {
  const { number, filesystem, make, recipe, extraFiles } = partition;
  const device = partitionDevice(disk.device, number);
  await run(make.tool, [...make.args, device]);
  const directory = join(disk.directory, `p${number}`);
  mkdirSync(directory, { recursive: true });
  const content = extraFiles === undefined ? { recipe } : { recipe, extraFiles };
  const job = { device, imageFile: disk.file, filesystem, directory };
  await fillMounted(run, job, content, disk.signal);
  rmSync(directory, { recursive: true, force: true });
}

/** Writes `data` to the disk from byte `offset` on, and syncs. */
export function writeAt(device: string, offset: Bytes, data: Buffer): void {
  const fd = openSync(device, 'r+');
  try {
    for (let done = 0; done < data.length;) {
      done += writeSync(fd, data, done, data.length - done, offset + done);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Fills sectors with bytes that are nothing, so that comparing them means something. */
export function writeRandomSectors(
  device: string,
  range: { readonly startSector: Sectors; readonly sectorCount: Sectors },
  how: { readonly seed: number; readonly sectorSizeBytes: Bytes },
): void {
  const offset = sectorsToBytes(range.startSector, how.sectorSizeBytes);
  writeAt(
    device,
    offset,
    randomBytes(how.seed, sectorsToBytes(range.sectorCount, how.sectorSizeBytes)),
  );
}
