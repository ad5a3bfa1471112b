/** Files that are there as a whole after a power cut, in the old or the new form. */

import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where the new text lies until it takes the place of the old one; a killed writer leaves it behind. */
export function unfinishedOf(path: string): string {
  return `${path}.openclone-new`;
}

/** Atomic, and durable when it resolves. `mode` whatever the umask is. */
export async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const unfinished = unfinishedOf(path);
  const file = await open(unfinished, 'w', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
}
