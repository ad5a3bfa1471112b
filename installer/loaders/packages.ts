/** The distribution's packages with boot loaders, downloaded by apt and unpacked, never installed. */

import { access, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { NETWORK_GRUB } from './files.ts';

const SIGNED_GRUB = 'grub-efi-amd64-signed';
const PACKAGES = [
  'shim-signed',
  'pxelinux',
  'syslinux-common',
  // For the GRUB that we make ourselves: modules, the program and a library of it that small servers lack.
  'grub-efi-amd64-bin',
  'grub-common',
  'libdevmapper1.02.1',
];
/** Debian keeps the tools of shim in it; Ubuntu has them in shim-signed. */
const DEBIAN_ONLY = 'shim-helpers-amd64-signed';

/**
 * Debian 12's signed GRUB has neither HTTP nor proxy DHCP; the next release's has both, is signed with the same key and
 * starts the same kernels.
 */
const NEWER_GRUB: Readonly<Record<string, string>> = { bookworm: 'trixie' };
const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export type Packages = {
  /** Package → version. */
  readonly versions: Record<string, string>;
  /** The first of the paths that one of the packages has; null when none has. */
  readonly find: (paths: readonly string[]) => Promise<string | null>;
  /** The signed GRUB image for the network. */
  readonly networkGrub: string;
};

/** Downloads below `work`, a directory of ours. Throws `tool-failed` for what apt cannot get. */
export async function fetchPackages(run: Run, work: string): Promise<Packages> {
  const names = [...PACKAGES, ...((await isKnown(run, DEBIAN_ONLY)) ? [DEBIAN_ONLY] : [])];
  const own = await unpack(run, join(work, 'own'), names, []);
  const grub =
    (await newerGrub(run, join(work, 'newer'))) ??
    (await unpack(run, join(work, 'grub'), [SIGNED_GRUB], []));
  const roots = [own.root, grub.root];
  const find = (paths: readonly string[]): Promise<string | null> =>
    firstReadable(paths.flatMap((path) => roots.map((root) => join(root, path))));
  const networkGrub = await find(NETWORK_GRUB);
  if (networkGrub === null) {
    throw new OperatorError({
      code: 'not-found',
      message: `looking for GRUB's image for the network in ${SIGNED_GRUB}`,
      hint: 'This distribution names it otherwise: please report it with the release of the system.',
    });
  }
  return { versions: { ...own.versions, ...grub.versions }, find, networkGrub };
}

/** The next release's, from the machine's own mirror; null when there is none or the mirror does not have it. */
async function newerGrub(run: Run, directory: string): Promise<Unpacked | null> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const codename = /^VERSION_CODENAME="?([a-z-]+)/m.exec(text)?.[1] ?? '';
  const newer = NEWER_GRUB[codename];
  if (newer === undefined) return null;
  await mkdir(join(directory, 'lists/partial'), { recursive: true });
  const sources = join(directory, 'newer.list');
  const lines = (await mirrorsOf(run, codename)).map(
    ({ uri, suite }) =>
      `deb [arch=amd64 signed-by=${DEBIAN_KEYRING}] ${uri} ${suite.replace(codename, newer)} main`,
  );
  if (lines.length === 0) return null;
  await writeFile(sources, `${lines.join('\n')}\n`);
  const options = [
    '-o',
    `Dir::Etc::sourcelist=${sources}`,
    '-o',
    `Dir::Etc::sourceparts=${directory}/none`,
    '-o',
    `Dir::State::lists=${directory}/lists`,
    '-o',
    `Dir::Cache=${directory}/cache`,
    '-o',
    'APT::Sandbox::User=root',
    '-o',
    'Acquire::Languages=none',
    '-o',
    'Acquire::Check-Valid-Until=false',
  ];
  try {
    await mkdir(join(directory, 'cache/archives/partial'), { recursive: true });
    await run('apt-get', ['-q', '--error-on=any', ...options, 'update']);
    return await unpack(run, directory, [SIGNED_GRUB], options);
  } catch (error) {
    // A mirror of one release only: its own GRUB does most of it, and the record says what it cannot.
    if (error instanceof OperatorError && error.code === 'tool-failed') return null;
    throw error;
  }
}

/** Where apt has the main component of `codename` and its updates from. */
async function mirrorsOf(run: Run, codename: string): Promise<{ uri: string; suite: string }[]> {
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)';
  const { stdout } = await run('apt-get', [
    'indextargets',
    '--format',
    format,
    'Created-By: Packages',
  ]);
  return stdout.split('\n').flatMap((line) => {
    const [uri, suite, component, origin] = line.split(' ');
    if (uri === undefined || suite === undefined) return [];
    const isMain = component === 'main' && origin === 'Debian';
    return isMain && (suite === codename || suite.startsWith(`${codename}-`))
      ? [{ uri, suite }]
      : [];
  });
}

type Unpacked = { readonly root: string; readonly versions: Record<string, string> };

async function unpack(
  run: Run,
  directory: string,
  names: readonly string[],
  options: readonly string[],
): Promise<Unpacked> {
  const archives = join(directory, 'archives');
  const root = join(directory, 'root');
  await mkdir(archives, { recursive: true });
  // apt-get download writes to its working directory, which only env -C sets without a shell.
  await run('env', [
    '-C',
    archives,
    'apt-get',
    '-q',
    '-o',
    'APT::Sandbox::User=root',
    ...options,
    'download',
    ...names,
  ]);
  const versions: Record<string, string> = {};
  for (const name of await readdir(archives)) {
    const archive = join(archives, name);
    const { stdout } = await run('dpkg-deb', [
      '--show',
      '--showformat',
      '${Package} ${Version}',
      archive,
    ]);
    const [packageName = '', version = ''] = stdout.trim().split(' ');
    versions[packageName] = version;
    await run('dpkg-deb', ['--extract', archive, root]);
  }
  return { root, versions };
}

async function isKnown(run: Run, name: string): Promise<boolean> {
  // 100: there is no such package.
  const { exitStatus, stdout } = await run('apt-cache', ['show', name], {
    allowedStatuses: [0, 100],
  });
  return exitStatus === 0 && stdout.trim() !== '';
}

async function firstReadable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}
