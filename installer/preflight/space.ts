/** Room on this machine's file systems. */

import { formatBytes } from '../../lib/format.ts';
import type { InstallRecord } from '../changes/record.ts';
import { freeSpaceOf } from '../facts/free-space.ts';
import { PROGRAM_DIRECTORY } from '../machine/names.ts';
import type { System } from '../machine/system.ts';
import type { Plan } from '../plan.ts';
import { isOfOurs } from './ours.ts';
import { type Obstacle, possibleObstacle } from './obstacle.ts';

/** A root file system with its predecessor, its base and kernels; the first images come on top. */
export const NETBOOT_BYTES = 4_000_000_000;
export const PROGRAM_BYTES = 300_000_000;
/** A minimal Debian 12 takes 21 MB of archives and 79 MB unpacked. */
export const PACKAGE_BYTES = 200_000_000;
export const PACKAGE_DIRECTORY = '/usr';

/** None on an update: what is there is replaced. */
export async function spaceObstacles(
  system: System,
  { site, answers, isUpdate, missingPackages }: Plan,
  record: InstallRecord | null,
): Promise<Obstacle[]> {
  // A run that goes on after another one has filled some of it itself.
  if (isUpdate || isOfOurs(record, PROGRAM_DIRECTORY)) return [];
  return [
    ...(await spaceObstacle(system, PROGRAM_DIRECTORY, PROGRAM_BYTES)),
    ...(missingPackages.length > 0
      ? await spaceObstacle(system, PACKAGE_DIRECTORY, PACKAGE_BYTES)
      : []),
    ...(answers.rootfs === 'build'
      ? await spaceObstacle(system, site.netbootDirectory, NETBOOT_BYTES)
      : []),
  ];
}

/** None when `path`, which need not be there yet, has room for `bytes`. */
export async function spaceObstacle(
  system: System,
  path: string,
  bytes: number,
): Promise<Obstacle[]> {
  const free = await freeSpaceOf(system, path);
  if (free >= bytes) return [];
  return [
    possibleObstacle(
      `there are only ${formatBytes(free)} free for ${path}; ${formatBytes(bytes)} are needed`,
      'Make room, or answer with another directory.',
    ),
  ];
}
