/** Which test files run in one process, and which processes start first. */

import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Most of the time of a short test is the start of Node and the loading of modules. */
const SHARING = ['test/lib/', 'test/tui/'];
const FILES_PER_PROCESS = 10;
/**
 * What a file does to the whole process, or what takes long enough for a process of its own: mocks, hooks outside of a
 * `describe`, settings of the process, programs.
 */
const IS_FOR_ITSELF =
  /\bmock\b|^(before|after)(Each)?\(|\bprocess\.(?!cwd\(\)|hrtime)|node:child_process|\/exec\/|\/tmux\.ts/m;

/**
 * Returns the files of each process, those that took longest the last time first; what has no time yet comes before them,
 * large files first. Paths are from the project's directory.
 */
export function testProcesses(
  project: string,
  files: readonly string[],
  elapsedMs: ReadonlyMap<string, number>,
): readonly (readonly string[])[] {
  const alone: string[][] = [];
  const sharing = new Map<string, string[]>();
  for (const file of files) {
    const folder = SHARING.find((each) => file.startsWith(each));
    if (folder === undefined || IS_FOR_ITSELF.test(readFileSync(join(project, file), 'utf8'))) {
      alone.push([file]);
    } else {
      sharing.set(folder, [...(sharing.get(folder) ?? []), file]);
    }
  }
  const together = [...sharing.values()].flatMap(inPieces);
  const sizes = new Map(files.map((file) => [file, statSync(join(project, file)).size]));
  const timed = [...together, ...alone].map((each) => ({
    files: each,
    elapsedMs: sumOf(each, (file) => elapsedMs.get(file) ?? Infinity),
    sizeBytes: sumOf(each, (file) => sizes.get(file) ?? 0),
  }));
  timed.sort((one, other) =>
    one.elapsedMs === other.elapsedMs
      ? other.sizeBytes - one.sizeBytes
      : other.elapsedMs - one.elapsedMs,
  );
  return timed.map((each) => each.files);
}

/** A module for each process that has several files; `directory` is for them. */
export function entryOf(project: string, directory: string, files: readonly string[]): string {
  const [first = '', ...others] = files;
  if (others.length === 0) return join(project, first);
  const entry = join(mkdtempSync(join(directory, 'several-')), 'test.mjs');
  const imports = files.map((file) => `import '${pathToFileURL(join(project, file)).href}';\n`);
  writeFileSync(entry, imports.join(''));
  return entry;
}

function inPieces(files: readonly string[]): string[][] {
  const count = Math.ceil(files.length / FILES_PER_PROCESS);
  const length = Math.ceil(files.length / count);
  return Array.from({ length: count }, (_, index) =>
    files.slice(index * length, (index + 1) * length),
  );
}

function sumOf(files: readonly string[], of: (file: string) => number): number {
  return files.reduce((sum, file) => sum + of(file), 0);
}
