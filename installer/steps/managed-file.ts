/** Files of OpenClone's own in system directories: written whole, changed only when they differ. */

import { readFile, stat } from 'node:fs/promises';
import { makeFile, type FileChange } from '../changes/file.ts';
import type { DirectoryChange } from '../changes/directory.ts';
import type { Making } from '../changes/kind.ts';
import type { PlannedFile } from '../plan.ts';
import { realPath, type System } from '../machine/system.ts';

const MODE = 0o644;

/** Whether all of them have the planned text. */
export async function filesAreWritten(
  system: System,
  files: readonly PlannedFile[],
): Promise<boolean> {
  for (const file of files) {
    const found = await readManagedFile(system, file.path);
    if (found?.text !== file.text || found.mode !== MODE) return false;
  }
  return true;
}

/** Writes those that differ. */
export async function writeManagedFiles(
  making: Making<FileChange | DirectoryChange>,
  files: readonly PlannedFile[],
): Promise<void> {
  for (const { path, text } of files) {
    const previous = await readManagedFile(making.system, path);
    if (previous?.text === text && previous.mode === MODE) continue;
    await makeFile(making, { path, previous, text, mode: MODE });
  }
}

/** null when there is no such file. */
async function readManagedFile(
  system: System,
  path: string,
): Promise<{ text: string; mode: number } | null> {
  const file = realPath(system, path);
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  return { text: await readFile(file, 'utf8'), mode: found.mode & 0o7777 };
}
