/** NETBOOT: where bases and builds are, which build is current, and how things appear there. */

import { readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../lib/errors.ts';
import { holdLock } from '../lib/exec/flock.ts';
import { BuildId } from '../lib/model/build-file.ts';
import { removeTree } from './remove-tree.ts';

export type BuildLink = 'current' | 'previous';

/** Begins the name of everything that is not finished, or to be removed: never read, cleared by the next run. */
export const UNFINISHED_PREFIX = '.new-';

export function basesOf(netboot: string): string {
  return join(netboot, 'bases');
}

export function buildsOf(netboot: string): string {
  return join(netboot, 'builds');
}

export function buildDirectory(netboot: string, id: BuildId): string {
  return join(buildsOf(netboot), id);
}

/** Ids of all finished builds, oldest first; none when there is no such directory. */
export async function listBuildIds(netboot: string): Promise<BuildId[]> {
  return (await namesIn(buildsOf(netboot)))
    .flatMap((name) => {
      const id = BuildId.safeParse(name);
      return id.success ? [id.data] : [];
    })
    .sort();
}

/** The build that a link names, null when there is none. */
export async function readBuildLink(netboot: string, link: BuildLink): Promise<BuildId | null> {
  try {
    const id = BuildId.safeParse((await readlink(join(netboot, link))).replace(/^builds\//, ''));
    return id.success ? id.data : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Points a link at `id`; at every moment it names either the one before or this. */
export async function switchBuildLink(
  netboot: string,
  link: BuildLink,
  id: BuildId,
): Promise<void> {
  const unfinished = join(netboot, `${UNFINISHED_PREFIX}${link}`);
  await rm(unfinished, { force: true });
  await symlink(join('builds', id), unfinished);
  await rename(unfinished, join(netboot, link));
}

/**
 * Does `work` while no other process changes `netboot`, after removing what killed ones have left. Throws
 * `not-allowed` when another one is at it.
 */
export async function withNetbootLock<T>(
  netboot: string,
  work: () => Promise<T>,
  waitSeconds = 0,
): Promise<T> {
  const release = await holdLock(netboot, waitSeconds);
  if (release === null) {
    throw new OperatorError({
      code: 'not-allowed',
      message: `changing ${netboot}: another build is under way there`,
      hint: 'Wait until it ends; `lslocks` names the process.',
    });
  }
  try {
    await clearUnfinished(netboot);
    return await work();
  } finally {
    await release();
  }
}

async function clearUnfinished(netboot: string): Promise<void> {
  for (const name of await namesIn(netboot)) {
    if (name.startsWith(UNFINISHED_PREFIX)) {
      await removeTree(join(netboot, name));
    }
  }
}

/** Names in a directory; none when it does not exist. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
