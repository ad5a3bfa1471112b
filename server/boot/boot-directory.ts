/** Files that boot loaders read at any moment: replaced in one go, and only when they differ. */

import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCodeOf, writeDurably } from '../store/durable-write.ts';

/** Boot loaders read them over the network, and nothing in them is secret. */
const MODE = 0o644;
const INCOMING = '.incoming';

/**
 * Puts `text` at `path`: a reader finds all of the old or all of the new text. `durable`: after a power cut,
 * too; the others are compared with what they should be when the server starts. Throws the system's error.
 */
export async function putBootFile(path: string, text: string, durable: boolean): Promise<void> {
  if (durable) {
    await writeDurably(path, text, { mode: MODE });
    // The mask of the daemon may have taken the others' right to read.
    await chmod(path, MODE);
    return;
  }
  const incoming = `${path}${INCOMING}`;
  try {
    const file = await open(incoming, 'w', MODE);
    try {
      await file.writeFile(text);
      await file.chmod(MODE);
    } finally {
      await file.close();
    }
    await rename(incoming, path);
  } catch (error) {
    await rm(incoming, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Puts the text there unless the file has it already. Throws the system's error. */
export async function putWhereDifferent(
  path: string,
  text: string,
  durable: boolean,
): Promise<void> {
  const found = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === text) return;
  if (found === null) await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await putBootFile(path, text, durable);
}

export async function removeBootFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/**
 * Removes the files of `directory` whose names match `names` and that are not in `wanted`, and what an interrupted
 * write left. Files with other names are somebody else's. A missing directory is empty.
 */
export async function removeOtherFiles(
  directory: string,
  names: RegExp,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const found = await readdir(directory).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of found) {
    const path = join(directory, name);
    const isOurs = names.test(name) || names.test(name.replace(/\.incoming$/, ''));
    if (isOurs && !wanted.has(path)) await rm(path, { force: true });
  }
}
