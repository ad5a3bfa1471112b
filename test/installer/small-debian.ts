/** apt and dpkg of this machine on files of their own: one package source, and a root with nothing in it. */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, type Run } from '../../lib/exec/run.ts';

/** An apt of our own with one source; `use` gets the arguments that make it so. */
export async function withApt(
  source: string,
  use: (options: string[], directory: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-apt-'));
  try {
    for (const path of ['lists/partial', 'cache/archives/partial', 'repository']) {
      await mkdir(join(directory, path), { recursive: true });
    }
    await writeFile(join(directory, 'repository/Packages'), '');
    await writeFile(join(directory, 'sources.list'), `${source.replace('HERE', directory)}\n`);
    await use(
      [
        '-o',
        `Dir::Etc::sourcelist=${directory}/sources.list`,
        '-o',
        'Dir::Etc::sourceparts=/-',
        '-o',
        `Dir::State::lists=${directory}/lists`,
        '-o',
        `Dir::Cache=${directory}/cache`,
        '-o',
        'APT::Sandbox::User=root',
        '-o',
        'Acquire::Retries=0',
      ],
      directory,
    );
  } finally {
    await rm(directory, { recursive: true });
  }
}

export const EMPTY = 'deb [trusted=yes] file:HERE/repository ./';

type SmallDebian = {
  readonly root: string;
  /** apt and dpkg of this machine, on the root. */
  readonly run: Run;
  /** Builds a package in the repository; returns the file. */
  readonly pack: (
    name: string,
    of: { version: string; depends?: string; files?: Readonly<Record<string, string>> },
  ) => Promise<string>;
  /** Lists the repository, which apt reads. */
  readonly publish: () => Promise<void>;
  /** "install ok installed 2" */
  readonly statusOf: (name: string) => Promise<string>;
};

/** A root of dpkg's with nothing in it, and a package repository. */
export async function withDebian(use: (debian: SmallDebian) => Promise<void>): Promise<void> {
  await withApt(EMPTY, async (aptOptions, directory) => {
    const root = join(directory, 'root');
    for (const path of ['updates', 'info']) {
      await mkdir(join(root, 'var/lib/dpkg', path), { recursive: true });
    }
    const status = join(root, 'var/lib/dpkg/status');
    await writeFile(status, '');
    const dpkgOptions = [
      `--root=${root}`,
      '--force-not-root',
      '--force-script-chrootless',
      '--log=/dev/null',
    ];
    const apt = [
      ...aptOptions,
      '-o',
      `Dir::State=${directory}`,
      '-o',
      `Dir::State::status=${status}`,
      '-o',
      `Dir::Log=${directory}`,
      ...dpkgOptions.flatMap((option) => ['-o', `Dpkg::Options::=${option}`]),
    ];
    const onRoot: Run = (tool, args, options) =>
      run(tool, tool === 'dpkg' ? [...dpkgOptions, ...args] : [...apt, ...args], options);
    await use({
      root,
      run: onRoot,
      pack: async (name, { version, depends, files = {} }) => {
        const tree = join(directory, `${name}-${version}`);
        await mkdir(join(tree, 'DEBIAN'), { recursive: true });
        for (const [path, text] of Object.entries(files)) {
          await mkdir(dirname(join(tree, path)), { recursive: true });
          await writeFile(join(tree, path), text);
        }
        const settings = Object.keys(files).map((path) => `/${path}\n`);
        await writeFile(join(tree, 'DEBIAN/conffiles'), settings.join(''));
        const control = [
          `Package: ${name}`,
          `Version: ${version}`,
          'Architecture: all',
          'Maintainer: nobody <a@b.c>',
          ...(depends === undefined ? [] : [`Depends: ${depends}`]),
          'Description: a sample',
        ];
        await writeFile(join(tree, 'DEBIAN/control'), `${control.join('\n')}\n`);
        const file = join(directory, 'repository', `${name}_${version}_all.deb`);
        await run('dpkg-deb', ['--build', '--root-owner-group', tree, file]);
        return file;
      },
      publish: async () => {
        const scanner = ['-c', 'cd "$0" && dpkg-scanpackages --multiversion . > Packages'];
        await run('sh', [...scanner, join(directory, 'repository')]);
      },
      statusOf: async (name) => {
        const paragraph = (await readFile(status, 'utf8'))
          .split('\n\n')
          .find((text) => text.startsWith(`Package: ${name}\n`));
        assert.ok(paragraph !== undefined, name);
        const field = (key: string): string =>
          new RegExp(`^${key}: (.*)$`, 'm').exec(paragraph)?.[1] ?? '';
        return `${field('Status')} ${field('Version')}`;
      },
    });
  });
}
