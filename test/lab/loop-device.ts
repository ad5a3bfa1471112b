/** Disk image files as block devices with partitions (losetup(8), partx(8)). */

import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import type { Bytes } from '../../lib/units.ts';

export type LoopOptions = {
  /** 512 when absent; 4096 makes a disk with 4096-byte logical sectors. */
  readonly sectorSizeBytes?: Bytes;
  readonly readOnly?: boolean;
};

/** Attaches `file` and makes its partitions' device files; returns the device, "/dev/loop3". */
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
  // A loop device keeps the kernel's read-only flag of its last use: an engine that was killed in a capture left it.
  if (options.readOnly !== true) await run('blockdev', ['--setrw', device]);
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

/** Which loop devices of a file, or of the files in a directory. */
export const DetachJob = z.object({
  path: z.string(),
  /** Only this one, if it is still of that file; null for all. */
  only: z.string().nullable(),
  /** Not these: they are not ours. */
  except: z.array(z.string()),
});
export type DetachJob = z.infer<typeof DetachJob>;

/**
 * Detaches loop devices; none to detach is no error. A holder that still ends frees its device by ending. Numbers of
 * devices are soon used again, by other labs too: under a lock that all labs share, what a device is of is looked at
 * and it is detached, so that nobody detaches what has become somebody else's.
 */
export async function detachLoops(
  run: Run,
  job: Pick<DetachJob, 'path'> & Partial<DetachJob>,
): Promise<void> {
  const whole: DetachJob = { only: null, except: [], ...job };
  await run('flock', [LOCK, process.execPath, join(import.meta.dirname, 'detach-job.ts')], {
    input: JSON.stringify(whole),
  });
}

const LOCK = '/run/lock/openclone-lab-loop';

/** The partition's device file: "/dev/loop3" and 5 give "/dev/loop3p5". */
export function partitionDevice(device: string, number: number): string {
  return `${device}p${number}`;
}

const Listing = z.object({
  loopdevices: z.array(
    z.object({ name: z.string(), 'back-ino': z.number(), 'back-maj:min': z.string() }),
  ),
});

/**
 * Loop devices whose backing file is `path` or lies in that directory, at any depth. Found by device and inode: the
 * kernel's path of the file is another one in a chroot.
 */
export async function loopDevicesOf(run: Run, path: string): Promise<string[]> {
  const columns = 'NAME,BACK-INO,BACK-MAJ:MIN';
  const { stdout } = await run('losetup', ['--json', '--list', '--output', columns]);
  if (stdout.trim() === '') return [];
  const files = new Set(identitiesBelow(path));
  return Listing.parse(JSON.parse(stdout)).loopdevices.flatMap((loop) =>
    files.has(`${loop['back-maj:min'].trim()} ${loop['back-ino']}`) ? [loop.name] : [],
  );
}

/** "MAJOR:MINOR INODE" of the file, or of every file in the directory; nothing when it does not exist. */
function identitiesBelow(path: string): string[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isDirectory()) {
    return readdirSync(path).flatMap((name) => identitiesBelow(join(path, name)));
  }
  const target = stat.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : stat;
  return target?.isFile() === true ? [`${majorMinor(target.dev)} ${target.ino}`] : [];
}

/** As glibc's gnu_dev_major and gnu_dev_minor take a device number apart; it has at most 32 bits here. */
function majorMinor(device: number): string {
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}
