/** A small Debian that boots systemd, and a package repository for it: made once, kept in the lab's cache. */

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { SOURCES, sourcesOf, type Suite } from './suite.ts';

/** On the file system of the lab's other caches, so that builds can be hard links to what is there. */
export const CACHE = '/var/cache/openclone-lab/install';

const INCLUDED = 'systemd-sysv,udev,dbus,iproute2,kmod,procps,netbase';
/** Beside what is installed: what placeLoaders downloads. */
const LOADERS = [
  'shim-signed',
  'shim-helpers-amd64-signed',
  'grub-efi-amd64-signed',
  'grub-efi-amd64-bin',
  'grub-common',
  'libdevmapper1.02.1',
  'pxelinux',
  'syslinux-common',
];
/** All mirrors, for servers of the lab: nobody in it talks to one (RFC 5737). */
export const NO_MIRROR = '192.0.2.1';
const APT = [
  '-q',
  '-o',
  'APT::Sandbox::User=root',
  '-o',
  'Debug::NoLocking=1',
  '-o',
  'DPkg::Post-Invoke=',
  '-o',
  'APT::Keep-Downloaded-Packages=true',
];

/** The root directory of the base, with `packages` beside those it always has; it is only read from then on. */
export async function debianBase(
  run: Run,
  suite: Suite,
  packages: readonly string[] = [],
): Promise<string> {
  const sources = sourcesOf(suite);
  const included = [INCLUDED, ...packages].join(',');
  return cached('base', [sources, included, '1'], async (directory) => {
    const sourcesFile = join(directory, 'debian.sources');
    writeFileSync(sourcesFile, sources);
    await run('mmdebstrap', [
      '--quiet',
      '--mode=root',
      '--variant=minbase',
      `--include=${included}`,
      '--aptopt=Acquire::Check-Valid-Until "false"',
      '--aptopt=Acquire::Check-Date "false"',
      '--aptopt=Acquire::Languages "none"',
      '--aptopt=APT::Install-Recommends "false"',
      ...['man', 'doc', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
      suite,
      join(directory, 'root'),
      sourcesFile,
    ]);
    const root = join(directory, 'root');
    rmSync(join(root, 'etc/apt/sources.list.d'), { recursive: true });
    mkdirSync(join(root, 'etc/apt/sources.list.d'));
    // What the builder of root file systems takes for this machine's sources: its base is in the cache already.
    writeFileSync(join(root, SOURCES), sources);
    writeFileSync(join(root, 'etc/apt/sources.list'), 'deb [trusted=yes] file:/repository ./\n');
    writeFileSync(join(root, 'etc/apt/apt.conf.d/90lab'), 'Acquire::Retries "0";\n');
    for (const [, host] of sources.matchAll(/\/\/([^/\s:]+)/g)) {
      appendFileSync(join(root, 'etc/hosts'), `${NO_MIRROR} ${host}\n`);
    }
  }).then((directory) => join(directory, 'root'));
}

/** A flat repository with `packages`, all that they need beside `base`, and the boot loaders' packages. */
export async function packageRepository(
  run: Run,
  base: string,
  packages: readonly string[],
): Promise<string> {
  return cached('repository', [base, ...packages, ...LOADERS, '2'], async (directory) => {
    // The suite of the base need not be this machine's: apt has the base's sources, and lists of its own.
    const own = join(directory, 'apt');
    for (const path of ['partial', 'apt/lists/partial']) {
      mkdirSync(join(directory, path), { recursive: true });
    }
    const apt = [
      ...APT,
      '-o',
      `Dir::Etc::sourcelist=${base}${SOURCES}`,
      '-o',
      'Dir::Etc::sourceparts=/-',
      '-o',
      `Dir::State::lists=${own}/lists`,
      '-o',
      'Acquire::Languages=none',
      '-o',
      `Dir::Cache::pkgcache=${own}/pkgcache`,
      '-o',
      `Dir::Cache::srcpkgcache=${own}/srcpkgcache`,
    ];
    await run('apt-get', [...apt, '--error-on=any', 'update']);
    await run('apt-get', [
      ...apt,
      '-y',
      '--no-install-recommends',
      '--download-only',
      '-o',
      `Dir::State::status=${base}/var/lib/dpkg/status`,
      '-o',
      `Dir::Cache::archives=${directory}`,
      'install',
      ...packages,
    ]);
    await run('env', ['-C', directory, 'apt-get', ...apt, 'download', ...LOADERS]);
    for (const path of ['partial', own]) rmSync(resolve(directory, path), { recursive: true });
    rmSync(join(directory, 'lock'), { force: true });
    const { stdout } = await run('env', [
      '-C',
      directory,
      'dpkg-scanpackages',
      '--multiversion',
      '.',
    ]);
    writeFileSync(join(directory, 'Packages'), stdout);
  });
}

/** CACHE/NAME-HASH, made by `make` unless it is there; a killed run leaves nothing that is taken for it. */
export async function cached(
  name: string,
  inputs: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(inputs.join('\0')).digest('hex').slice(0, 12);
  const directory = join(CACHE, `${name}-${hash}`);
  if (existsSync(directory)) return directory;
  mkdirSync(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, `.${name}-`));
  try {
    await make(unfinished);
    renameSync(unfinished, directory);
    return directory;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
