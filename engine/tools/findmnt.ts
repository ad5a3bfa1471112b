/** findmnt(8): the mounts of a mount namespace. */

import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import { parseToolJson } from './tool-output.ts';

export type Mount = {
  readonly mountpoint: string;
  /** What was mounted: "/dev/sda1", "tmpfs". */
  readonly source: string;
  /** "259:2"; btrfs and the like have a number of their own ("0:39"), not that of a device. */
  readonly deviceNumber: string;
  readonly filesystemType: string;
};

/**
 * The mounts of this process's namespace, or of that which process `pid` is in. Throws `tool-missing`, and
 * `tool-failed`, also when there is no such process any more.
 */
export async function listMounts(run: Run, pid: number | null): Promise<Mount[]> {
  const { stdout } = await run('findmnt', [
    '--json',
    '--list',
    '--nofsroot',
    '--output',
    'TARGET,SOURCE,MAJ:MIN,FSTYPE',
    ...(pid === null ? [] : ['--task', String(pid)]),
  ]);
  return parseFindmnt(stdout);
}

/** Reads `findmnt --json --list` with the columns of listMounts. Throws `tool-failed`. */
export function parseFindmnt(text: string): Mount[] {
  return parseToolJson('findmnt', text, Output).filesystems.map((mount) => ({
    mountpoint: mount.target,
    source: mount.source ?? '',
    deviceNumber: mount['maj:min'],
    filesystemType: mount.fstype,
  }));
}

const Output = z.object({
  filesystems: z.array(
    z.object({
      target: z.string(),
      source: z.string().nullable(),
      'maj:min': z.string(),
      fstype: z.string(),
    }),
  ),
});
