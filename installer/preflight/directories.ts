/** Directories that would be shared with others, or with each other: refused before anything is changed. */

import { readdir } from 'node:fs/promises';
import type { Site } from '../../lib/model/site.ts';
import type { Plan } from '../plan.ts';
import { isOfOurs } from './ours.ts';
import type { InstallRecord } from '../changes/record.ts';
import { isAsPlanned } from '../facts/accounts.ts';
import { realPath, type System } from '../machine/system.ts';
import { LEASE_DIRECTORY, PROGRAM_DIRECTORY, STORE_DIRECTORY } from '../machine/names.ts';
import { type Obstacle, obstacle, possibleObstacle } from './obstacle.ts';

/** What is served to everybody, removed as a whole or replaced by an update must have nothing else in it. */
export function nestingObstacles({
  imageDirectory,
  netbootDirectory,
  tftpDirectory,
}: Site): Obstacle[] {
  const chosen = [
    ['images', imageDirectory],
    ['root file systems', netbootDirectory],
    ['TFTP', tftpDirectory],
  ] as const;
  const fixed = [PROGRAM_DIRECTORY, STORE_DIRECTORY, LEASE_DIRECTORY, '/etc/openclone'];
  const isInside = (one: string, other: string): boolean => `${one}/`.startsWith(`${other}/`);
  return chosen.flatMap(([what, path], index) => {
    const others = [...chosen.slice(index + 1).map(([, other]) => other), ...fixed];
    return others
      .filter((other) => isInside(path, other) || isInside(other, path))
      .map((other) =>
        obstacle(
          `the directory of the ${what}, ${path}, and ${other} lie in each other`,
          'Answer with directories of which none lies in another.',
        ),
      );
  });
}

/** What lies in a directory of root file systems; others' files would be exported to the room. */
const NETBOOT_NAMES = /^(bases|builds|loaders|current|previous|\.new-.*)$/;

/** Directories in use by somebody else, who would lose access to them, or whose files hosts would get to read. */
export async function directoryObstacles(
  system: System,
  { directories, site }: Plan,
  record: InstallRecord | null,
): Promise<Obstacle[]> {
  const { imageDirectory, netbootDirectory, tftpDirectory } = site;
  const chosen = [imageDirectory, netbootDirectory, tftpDirectory];
  const obstacles: Obstacle[] = [];
  for (const directory of directories) {
    const { path, owner, mode } = directory;
    // What is below them is looked at by name.
    const isBelow = chosen.some((each) => path.startsWith(`${each}/`));
    if (isBelow || isOfOurs(record, path)) continue;
    const found = await readdir(realPath(system, path)).catch(() => []);
    const isExported = path === netbootDirectory;
    const theirs = found.filter(
      (name) => name !== 'lost+found' && !(isExported && NETBOOT_NAMES.test(name)),
    );
    if (theirs.length === 0) continue;
    if (!isExported && (await isAsPlanned(system, directory).catch(() => false))) continue;
    const examples = `${theirs.slice(0, 3).join(', ')}${theirs.length > 3 ? ', …' : ''}`;
    const consequence = isExported
      ? 'every host could read it'
      : `it would belong to ${owner}, mode ${mode.toString(8)}`;
    obstacles.push(
      possibleObstacle(
        `${path} is not from this installer, and has ${examples} in it: ${consequence}`,
        chosen.includes(path)
          ? 'Answer with a directory that is empty or not there yet. If all of it is from an earlier OpenClone: --force.'
          : 'Move it away. If all of it is from an earlier OpenClone: --force.',
      ),
    );
  }
  return obstacles;
}
