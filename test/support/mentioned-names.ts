/** What documents name: files in backquotes and links, functions and types in backquotes; and which of them are not there. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, projectFiles, readSources, SOURCE_FOLDERS, topFolderOf } from './sources.ts';

/** What a document can name. */
export type Names = {
  /** Every file of the source folders, relative to the root. */
  readonly files: readonly string[];
  /** Every word in its TypeScript sources. */
  readonly words: ReadonlySet<string>;
};

export function readNames(): Names {
  const words = new Set<string>();
  for (const { text } of readSources()) {
    for (const [word] of text.matchAll(/[\w$]+/g)) words.add(word);
  }
  return { files: projectFiles().filter(isSourceFolder), words };
}

/** What the text of a document in `folder` names and is not there, each with what it was taken for. */
export function missingNames(names: Names, folder: string, document: string): string[] {
  const text = document.replace(/^```.*?^```/gms, '');
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);
  const links = [...text.matchAll(/\]\(([^)#:\s]+)[^)]*\)/g)].map(([, target = '']) => target);
  return [
    ...quoted
      .filter((name) => isFileName(name) && !fileExists(names, folder, name))
      .map((name) => `file ${name}`),
    ...quoted
      .filter((name) => isCodeName(name) && !names.words.has(name.replace('()', '')))
      .map((name) => `code ${name}`),
    ...links
      .filter((target) => !existsSync(join(PROJECT, folder, target)))
      .map((target) => `link ${target}`),
  ];
}

/** A source file, or a path that begins with a folder of ours; not one with a placeholder (NAME, <kind>, KIND-table.ts). */
function isFileName(name: string): boolean {
  if (!/^[\w./*-]+$/.test(name) || /(^|[/-])[A-Z]+([/.-]|$)/.test(name.replace('README.md', ''))) {
    return false;
  }
  return (isSourceFolder(name) && name.includes('/')) || /^(\.\.?\/|[^.]).*\.ts$/.test(name);
}

/** Names that look like ours: of variables of UEFI. */
const FOREIGN_NAMES = ['BootNext'];

/** "bootChoiceOf", "runSteps()", "TableKind": nothing else in backquotes looks so. */
function isCodeName(name: string): boolean {
  if (FOREIGN_NAMES.includes(name)) return false;
  return /^([a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)(\(\))?$/.test(name);
}

/** From the root, or the end of a path below the document's folder (of any path for those outside); "*" as in a shell. */
function fileExists({ files }: Names, folder: string, name: string): boolean {
  if (name.startsWith('.')) return existsSync(join(PROJECT, folder, name));
  const path = name.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  const fromRoot = new RegExp(`^${path}(/|$)`);
  const anywhere = new RegExp(`(^|/)${path}(/|$)`);
  const ours = isSourceFolder(folder) ? `${folder}/` : '';
  return files.some(
    (file) =>
      fromRoot.test(file) || (file.startsWith(ours) && anywhere.test(file.slice(ours.length))),
  );
}

function isSourceFolder(path: string): boolean {
  return SOURCE_FOLDERS.some((folder) => folder === topFolderOf(path));
}
