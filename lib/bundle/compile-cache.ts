/** What V8 has compiled of a bundled program, kept for its next start (node:module, "Module compile cache"). */

import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { projectDirectory } from './project.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * From now on modules are taken from the cache, and put into it when the program ends. Without a place for it the start
 * is a little slower, and nothing else.
 */
export function keepCompiled(environment: Environment): void {
  const directory = openCache(projectDirectory(), environment);
  if (directory !== null) enableCompileCache(directory);
}

/**
 * The directory of the cache, made if need be: the one of `project` for whom that belongs to (root, on a server), else
 * below the user's own caches; null when neither will do.
 *
 * Who can write the cache decides what runs: Node checks that an entry was made from this source and is whole, not by
 * whom. So it is used only where nobody but this user and root can write, in it and in every directory above, where
 * they could put another one in its place. Those two could change the program itself, or this user's ~/.profile, as well.
 */
export function openCache(project: string, environment: Environment): string | null {
  const user = process.getuid?.();
  if (user === undefined) return null;
  for (const directory of placesFor(project, environment)) {
    try {
      if (!isOnlyFor(user, existingPart(directory))) continue;
      makeDirectories(directory);
      // Now that all of it is there. A link in it would be looked at here, and followed later.
      if (!isOnlyFor(user, directory) || realpathSync(directory) !== directory) continue;
      // What Node makes in it has the modes that the umask gives.
      if ((lstatSync(directory).mode & 0o077) !== 0) continue;
      return directory;
    } catch {
      // No room, no right to write: the next place may have it.
    }
  }
  return null;
}

/** Absolute paths without links. */
function* placesFor(project: string, environment: Environment): Generator<string> {
  yield join(realpathSync(project), 'dist/cache');
  const { XDG_CACHE_HOME: named = '', HOME: home = '' } = environment;
  const caches = named.startsWith('/') ? named : home.startsWith('/') ? join(home, '.cache') : null;
  if (caches === null) return;
  try {
    // The home may be reached by a link (automounters do so), which its owner does not make.
    yield join(
      realpathSync(existingPart(caches)),
      caches.slice(existingPart(caches).length),
      'openclone',
    );
  } catch {
    // No home.
  }
}

/** Not by `recursive`, which goes on for ever where nothing can be made, as in /proc (Node 24). */
function makeDirectories(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  makeDirectories(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another start of ours was faster.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** `path`, or the innermost directory above it that is there. */
function existingPart(path: string): string {
  for (let part = path; ; part = dirname(part)) {
    if (lstatSync(part, { throwIfNoEntry: false }) !== undefined || part === '/') return part;
  }
}

/** Whether nobody but `user` and root can write to `path`, or put something else in its place. */
function isOnlyFor(user: number, path: string): boolean {
  for (let part = path, isInner = false; ; part = dirname(part), isInner = true) {
    const { uid, mode } = lstatSync(part);
    const isOurs = uid === user || (uid === 0 && isInner);
    // In a directory with the sticky bit, as /tmp, nobody moves what is another's.
    const isClosed = (mode & 0o022) === 0 || (isInner && (mode & 0o1000) !== 0);
    if (!isOurs || !isClosed) return false;
    if (part === '/') return true;
  }
}
