/** The files of the project as the tests that hold the house read them: from its root, `lib/errors.ts`. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export const PROJECT = join(import.meta.dirname, '../..');
/** Each has a main.ts. */
export const PROGRAMS = ['cli', 'engine', 'installer', 'netboot-rootfs', 'server', 'tui'] as const;
/** Folders whose files are ours. */
export const SOURCE_FOLDERS = [...PROGRAMS, 'lib', 'test'] as const;

export type SourceFile = { readonly path: string; readonly text: string };

/** Every file below the project's top-level folders, those that are none of SOURCE_FOLDERS too; not what is built or installed. */
export function projectFiles(): readonly string[] {
  return readdirSync(PROJECT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$|^dist$/.test(entry.name))
    .flatMap(({ name }) => filesBelow(name));
}

/** Every TypeScript file, or those of which `isWanted`; with its text. */
export function readSources(isWanted: (path: string) => boolean = () => true): SourceFile[] {
  return projectFiles()
    .filter((path) => /\.[cm]?tsx?$/.test(path) && isWanted(path))
    .map((path) => ({ path, text: readFileSync(join(PROJECT, path), 'utf8') }));
}

/** The top-level folder that a file lies in. */
export function topFolderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** Whether the file is one of a program, or of lib: all but the tests. */
export function isProduct(path: string): boolean {
  const folder = topFolderOf(path);
  return folder !== 'test' && SOURCE_FOLDERS.some((each) => each === folder);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.slice(PROJECT.length + 1), entry.name));
}
