/** What documents name: files in backquotes and links, functions and types in backquotes; and which of them are not there. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose files are ours. */
export const SOURCE_FOLDERS = [
  'cli',
  'engine',
  'installer',
  'lib',
  'netboot-rootfs',
  'server',
  'test',
  'tui',
] as const;

export type Project = {
  readonly root: string;
  /** Every file of the source folders, relative to the root. */
  readonly files: readonly string[];
  /** Every word in its TypeScript sources. */
  readonly words: ReadonlySet<string>;
};

export function readProject(root: string): Project {
  const files = SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  const words = new Set<string>();
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    for (const [word] of readFileSync(join(root, file), 'utf8').matchAll(/[\w$]+/g))
      words.add(word);
  }
  return { root, files, words };
}

/** What the text of a document in `folder` names and is not there, each with what it was taken for. */
export function missingNames(project: Project, folder: string, document: string): string[] {
  const text = document.replace(/^```.*?^```/gms, '');
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);
  const links = [...text.matchAll(/\]\(([^)#:\s]+)[^)]*\)/g)].map(([, target = '']) => target);
  return [
    ...quoted
      .filter((name) => isFileName(name) && !fileExists(project, folder, name))
      .map((name) => `file ${name}`),
    ...quoted
      .filter((name) => isCodeName(name) && !project.words.has(name.replace('()', '')))
      .map((name) => `code ${name}`),
    ...links
      .filter((target) => !existsSync(join(project.root, folder, target)))
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
function fileExists(project: Project, folder: string, name: string): boolean {
  if (name.startsWith('.')) return existsSync(join(project.root, folder, name));
  const path = name.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  const fromRoot = new RegExp(`^${path}(/|$)`);
  const anywhere = new RegExp(`(^|/)${path}(/|$)`);
  const ours = isSourceFolder(folder) ? `${folder}/` : '';
  return project.files.some(
    (file) =>
      fromRoot.test(file) || (file.startsWith(ours) && anywhere.test(file.slice(ours.length))),
  );
}

function isSourceFolder(path: string): boolean {
  const [first = ''] = path.split('/');
  return SOURCE_FOLDERS.some((folder) => folder === first);
}
