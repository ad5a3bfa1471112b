/** Writes files so that they are there, whole, after a power cut: fsync the file, rename, fsync the directory. */

import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts `content` at `path` in one go: a reader that opens `path` at any time, after a crash too, finds all of the old or
 * all of the new content. When the promise resolves the new one is durable. `keepAs` is where the file that was at
 * `path` until now stays, replacing what was there. Nothing but these paths and `.incoming` beside them is touched.
 * Throws the system's error; `path` then has its old content, unless it was the fsync of the directory that failed:
 * then it is not known which of the two a crash would leave.
 */
export async function writeDurably(
  path: string,
  content: Buffer | string,
  options: { readonly mode: number; readonly keepAs?: string },
): Promise<void> {
  const incoming = `${path}.incoming`;
  try {
    // A left-over could have another mode.
    await rm(incoming, { force: true });
    const file = await open(incoming, 'wx', options.mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    if (options.keepAs !== undefined) await keepCopy(path, options.keepAs);
    await rename(incoming, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(incoming, { force: true });
    throw error;
  }
}

/**
 * Makes `copy` a second name of the file at `path` (no bytes are copied: replacing `path` later leaves the file to
 * `copy`). A missing file is no error. The caller syncs the directory.
 */
export async function keepCopy(path: string, copy: string): Promise<void> {
  const incoming = `${copy}.incoming`;
  await rm(incoming, { force: true });
  try {
    await link(path, incoming);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return;
    throw error;
  }
  await rename(incoming, copy);
  // rename(2) does nothing when both names already are the same file.
  await rm(incoming, { force: true });
}

/** Makes the names in the directory durable: what was created, renamed or removed in it. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** "ENOSPC" and the like, or undefined for what is no error of the system. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether `error` says that the file system, or the user's share of it, is full. */
export function isFull(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}
