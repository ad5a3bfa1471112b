/** Files of OpenClone's own in system directories: written whole, changed only when they differ. */

import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Journal } from '../changes/journal.ts';
import type { PlannedFile } from '../plan.ts';
import { realPath, type System } from '../system.ts';
import { writeDurably } from '../write-durably.ts';

const MODE = 0o644;

/** Whether all of them have the planned text. */
export async function filesAreWritten(
  system: System,
  files: readonly PlannedFile[],
): Promise<boolean> {
  for (const file of files) {
    const found = await readOwnFile(system, file.path);
    if (found?.text !== file.text || found.mode !== MODE) return false;
  }
  return true;
}

/** Writes those that differ: a reader sees the old or the new text, never a part of one. */
export async function writeOwnFiles(
  system: System,
  journal: Journal,
  files: readonly PlannedFile[],
): Promise<void> {
  for (const { path, text } of files) {
    const previous = await readOwnFile(system, path);
    if (previous?.text === text && previous.mode === MODE) continue;
    await makeParents(system, journal, path);
    await journal.note({ type: 'file', path, previous });
    await writeDurably(realPath(system, path), text, MODE);
  }
}

/** Makes the directories above `path` that are missing: root's, readable by all. */
export async function makeParents(system: System, journal: Journal, path: string): Promise<void> {
  const parent = dirname(path);
  if (parent === '/' || (await stat(realPath(system, parent)).catch(() => null)) !== null) return;
  await makeParents(system, journal, parent);
  await journal.note({ type: 'directory', path: parent, tree: false, data: null });
  await mkdir(realPath(system, parent));
  await chmod(realPath(system, parent), 0o755);
}

/** null when there is no such file. */
export async function readOwnFile(
  system: System,
  path: string,
): Promise<{ text: string; mode: number } | null> {
  const file = realPath(system, path);
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  return { text: await readFile(file, 'utf8'), mode: found.mode & 0o7777 };
}
