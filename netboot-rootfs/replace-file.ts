/** Files that take the place of others: a build shares its files with its base by hard links, so none is written into. */

import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes `content` to a new file and gives it the name `path`; what had the name before keeps its content. */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  await replaceBy(path, mode, async (unfinished) => {
    const file = await open(unfinished, 'wx', mode);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  });
}

/** The same with a copy of the file `from`. */
export async function replaceByCopy(path: string, from: string, mode: number): Promise<void> {
  await replaceBy(path, mode, (unfinished) => copyFile(from, unfinished));
}

/** The same with whatever `make` writes to the path that it is given. */
export async function replaceBy(
  path: string,
  mode: number,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  try {
    await make(unfinished);
    const file = await open(unfinished, 'r');
    try {
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
