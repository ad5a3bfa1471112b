/** Data in a directory that operators would miss: images, or the store. */

import { lstat, readdir } from 'node:fs/promises';
import { z } from 'zod';
import { IMAGE_LOCK_NAME } from '../../lib/model/image.ts';

export const Data = z.enum(['images', 'store']);

/** Empty directories do not count, nor the lock of an image directory: the server makes them. */
export async function hasFiles(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => null);
  if (found === null) return false;
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const isLock = (entry: { name: string; parentPath: string }): boolean =>
    entry.name === IMAGE_LOCK_NAME && entry.parentPath === directory;
  return entries.some((entry) => !entry.isDirectory() && !isLock(entry));
}
