/** Disk image files as block devices with partitions (losetup(8), partx(8)). */

import { realpathSync } from 'node:fs';
import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import type { Bytes } from '../../lib/units.ts';

export type LoopOptions = {
  /** 512 when absent; 4096 makes a disk with 4096-byte logical sectors. */
  readonly sectorSizeBytes?: Bytes;
  readonly readOnly?: boolean;
};

/** Attaches `file` and makes its partitions' device files; answers the device, "/dev/loop3". */
export async function attachLoop(run: Run, file: string, options: LoopOptions): Promise<string> {
  const { stdout } = await run('losetup', [
    '--find',
    '--show',
    '--partscan',
    ...(options.readOnly === true ? ['--read-only'] : []),
    ...(options.sectorSizeBytes === undefined
      ? []
      : ['--sector-size', String(options.sectorSizeBytes)]),
    file,
  ]);
  const device = stdout.trim();
  await addPartitions(run, device);
  return device;
}

/**
 * Makes the device files of the partitions that the table on `device` names. A kernel with partition parsers has
 * made them already, and a blank disk has none: partx says 1 for both.
 */
export async function addPartitions(run: Run, device: string): Promise<void> {
  await run('partx', ['--add', device], { allowedStatuses: [0, 1] });
}

/** Detaches `device`; one that is detached already is no error. A holder that still ends frees it by ending. */
export async function detachLoop(run: Run, device: string): Promise<void> {
  await run('partx', ['--delete', device], { allowedStatuses: [0, 1] });
  await run('losetup', ['--detach', device], { allowedStatuses: [0, 1] });
}

/** The partition's device file: "/dev/loop3" and 5 give "/dev/loop3p5". */
export function partitionDevice(device: string, number: number): string {
  return `${device}p${number}`;
}

const Listing = z.object({
  loopdevices: z.array(z.object({ name: z.string(), 'back-file': z.string().nullable() })),
});

/** Loop devices whose backing file is `path` or lies below it. */
export async function loopDevicesOf(run: Run, path: string): Promise<string[]> {
  const { stdout } = await run('losetup', ['--json', '--list', '--output', 'NAME,BACK-FILE']);
  if (stdout.trim() === '') return [];
  const real = realPath(path);
  return Listing.parse(JSON.parse(stdout)).loopdevices.flatMap((loop) => {
    // The kernel adds " (deleted)" when the file is gone (losetup prints what sysfs says).
    const file = loop['back-file']?.replace(/ \(deleted\)$/, '') ?? '';
    return file === real || file.startsWith(`${real}/`) ? [loop.name] : [];
  });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
