/** A copy of what operators start, with a bundle of its own: tests may change its sources. */

import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { Metafile } from 'esbuild';
import { bundleOperatorPrograms } from '../../../installer/bundle/operator-bundle.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const COPIED = ['cli', 'tui', 'lib', 'openclone', 'package.json', 'package-lock.json'];

export type Ended = { readonly stdout: string; readonly stderr: string; readonly status: number };

export type CopiedProject = {
  readonly directory: string;
  readonly bundle: () => Promise<Metafile>;
  /** The command, with a home where nothing can be kept. */
  readonly openclone: (args: readonly string[], environment?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** What runs without a bundle. */
  readonly fromSources: (args: readonly string[]) => Promise<Ended>;
  /** What the command loads: paths in the copy. */
  readonly loadedBy: (args: readonly string[]) => Promise<string[]>;
  readonly remove: () => Promise<void>;
};

export async function copyProject(): Promise<CopiedProject> {
  // Where nobody but root can write, unlike /tmp: what is compiled may be kept.
  const directory = await mkdtemp('/root/openclone-bundle-');
  for (const name of COPIED) {
    await cp(join(PROJECT, name), join(directory, name), { recursive: true });
  }
  await cp(
    join(PROJECT, 'installer/bundle/operator-bundle.ts'),
    join(directory, 'installer/bundle/operator-bundle.ts'),
  );
  await symlink(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
  const start = async (
    command: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<Ended> => {
    const [file = '', ...args] = command;
    const env = {
      HOME: '/proc/1',
      TERM: 'dumb',
      OPENCLONE_SOCKET: '/nonexistent/socket',
      // Where the tests' own compiled code is kept: the program is to choose by itself.
      NODE_COMPILE_CACHE: undefined,
    };
    const { stdout, stderr, exitCode } = await execa(file, args, {
      env: { ...env, ...environment },
      input: '',
      reject: false,
    });
    return { stdout, stderr, status: exitCode ?? -1 };
  };
  const openclone: CopiedProject['openclone'] = (args, environment) =>
    start([join(directory, 'openclone'), ...args], environment);
  return {
    directory,
    bundle: () => bundleOperatorPrograms(directory),
    openclone,
    fromSources: (args) => start([process.execPath, join(directory, 'cli/main.ts'), ...args]),
    loadedBy: async (args) => {
      const trace = join(directory, 'trace');
      const preload = `--import ${join(import.meta.dirname, 'trace.ts')}`;
      await openclone(args, { TRACE_FILE: trace, NODE_OPTIONS: preload });
      const urls = (await readFile(trace, 'utf8')).split('\n');
      const start = `file://${directory}/`;
      return urls.filter((url) => url.startsWith(start)).map((url) => url.slice(start.length));
    },
    remove: () => rm(directory, { recursive: true }),
  };
}
