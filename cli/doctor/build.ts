/** The build of the hosts' root file system that is switched on (docs/design/netboot.md). */

import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ServerBuildFile } from '../../lib/model/build-file.ts';

export type Build = ServerBuildFile & {
  /** NETBOOT/builds/ID */
  readonly directory: string;
};

/** Reads what NETBOOT/current points to; null when nothing is switched on. Throws when build.json cannot be read. */
export async function readBuild(netbootDirectory: string): Promise<Build | null> {
  const target = await readlink(join(netbootDirectory, 'current')).catch(() => null);
  if (target === null) return null;
  const directory = join(netbootDirectory, 'builds', basename(target));
  const text = await readFile(join(directory, 'build.json'), 'utf8');
  return { ...ServerBuildFile.parse(JSON.parse(text)), directory };
}
