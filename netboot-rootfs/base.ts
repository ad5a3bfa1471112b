/** A base: the packages of the root file system, made by mmdebstrap; builds of OpenClone share its files. */

import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';
import type { Run } from '../lib/exec/run.ts';
import { aptOptions } from './apt-options.ts';
import { formatSources, type AptSource } from './apt-sources.ts';
import { removeTree } from './remove-tree.ts';
import { basesOf, isAbsent, UNFINISHED_PREFIX } from './netboot-directory.ts';

/** Everything that decides what a base contains. */
export type BaseRecipe = {
  readonly suite: string;
  readonly sources: readonly AptSource[];
  readonly packages: readonly string[];
  /** Packages that are installed when the sources have them. */
  readonly firmware: readonly string[];
  /** With the drivers of data/base/server-modules.txt. */
  readonly serverHardware: boolean;
  /** customize.sh and the files that it reads. */
  readonly dataDirectory: string;
};

export const BaseFile = z.object({
  formatVersion: z.literal(1),
  hash: z.string().regex(/^[0-9a-f]{16}$/),
  madeAt: z.iso.datetime(),
  suite: z.string(),
  kernel: z.string().regex(/^[A-Za-z0-9.+~_-]+$/),
  firmware: z.array(z.string()),
  /** Wanted, but no source has them. */
  missingFirmware: z.array(z.string()),
  sizeBeforePruningKib: z.int(),
  sizeKib: z.int(),
});
export type BaseFile = z.infer<typeof BaseFile>;

export type Base = { readonly directory: string; readonly file: BaseFile };

/** Names the base of `recipe`: another recipe, another name. The day it is made on is no part of it. */
export async function hashRecipe(recipe: BaseRecipe): Promise<string> {
  const hash = createHash('sha256');
  const { suite, packages, firmware, serverHardware } = recipe;
  const sources = formatSources(recipe.sources);
  hash.update(JSON.stringify({ version: 2, suite, packages, firmware, serverHardware, sources }));
  const names = await readdir(recipe.dataDirectory, { recursive: true, withFileTypes: true });
  const paths = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) {
    const content = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    hash.update(`\n${path.slice(recipe.dataDirectory.length)} ${content}`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The base in NETBOOT/bases/`hash`, null when there is none. */
export async function readBase(netboot: string, hash: string): Promise<Base | null> {
  const directory = join(basesOf(netboot), hash);
  try {
    const text = await readFile(join(directory, 'base.json'), 'utf8');
    return { directory, file: BaseFile.parse(JSON.parse(text)) };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/**
 * Makes the base of `recipe`, taking the place of one of the same name. The caller holds NETBOOT's lock. Throws
 * `tool-missing`, `tool-failed` (mmdebstrap's own words in the cause).
 */
export async function makeBase(
  run: Run,
  netboot: string,
  recipe: BaseRecipe,
  now: Date,
): Promise<Base> {
  const hash = await hashRecipe(recipe);
  await mkdir(basesOf(netboot), { recursive: true, mode: 0o755 });
  const unfinished = await mkdtemp(join(netboot, `${UNFINISHED_PREFIX}base-`));
  try {
    await chmod(unfinished, 0o755);
    const report = await debootstrap(run, unfinished, recipe);
    await throwPackagingAway(unfinished);
    const { stdout: size } = await run('du', ['-sk', join(unfinished, 'rootfs')]);
    const file = BaseFile.parse({
      formatVersion: 1,
      hash,
      madeAt: now.toISOString(),
      suite: recipe.suite,
      ...report,
      sizeKib: Number.parseInt(size, 10),
    });
    await writeFile(join(unfinished, 'base.json'), `${JSON.stringify(file, null, 2)}\n`);
    await run('sync', ['--file-system', unfinished]);
    const directory = join(basesOf(netboot), hash);
    const replaced = join(netboot, `${UNFINISHED_PREFIX}replaced-${hash}`);
    await rename(directory, replaced).catch((error: unknown) => {
      if (!isAbsent(error)) throw error;
    });
    await rename(unfinished, directory);
    await removeTree(replaced);
    return { directory, file };
  } catch (error) {
    await removeTree(unfinished);
    throw error;
  }
}

type Report = Pick<BaseFile, 'kernel' | 'firmware' | 'missingFirmware' | 'sizeBeforePruningKib'>;

async function debootstrap(run: Run, directory: string, recipe: BaseRecipe): Promise<Report> {
  const sources = join(directory, 'openclone.sources');
  const report = join(directory, 'report');
  await writeFile(sources, formatSources(recipe.sources));
  await writeFile(report, '');
  const options = [
    '--mode=root',
    '--variant=minbase',
    '--format=directory',
    '--skip=cleanup',
    `--include=${recipe.packages.join(',')}`,
    ...(await aptOptions(run)).map((option) => `--aptopt=${option}`),
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=APT::Install-Recommends "false"',
    ...EXCLUDED.map((path) => `--dpkgopt=path-exclude=${path}`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    '--customize-hook=sh "$OPENCLONE_DATA/customize.sh" "$1"',
  ];
  // dpkg reads packages of a local repository from inside the new root.
  if (recipe.sources.some(({ uris }) => uris.some((uri) => /^(file|copy):/.test(uri)))) {
    options.push('--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount');
  }
  const root = join(directory, 'rootfs');
  const args = [...options, recipe.suite, root, sources];
  // Run as root it mounts /proc, /sys and /dev where we see them, and a killed one leaves them. In namespaces of its
  // own all of it is gone, and everything it started, with its first process, which ends with us.
  const alone = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const confined = ['--pdeathsig', 'KILL', 'unshare', ...alone, '--mount-proc'];
  const env = {
    OPENCLONE_DATA: recipe.dataDirectory,
    OPENCLONE_FIRMWARE: recipe.firmware.join(' '),
    OPENCLONE_SERVER_HARDWARE: recipe.serverHardware ? 'y' : '',
    OPENCLONE_REPORT: report,
    DEBIAN_FRONTEND: 'noninteractive',
    // Our own initramfs is made at the end, none by the kernel's package.
    INITRD: 'No',
  };
  const readReport = async (): Promise<string[]> => (await readFile(report, 'utf8')).split('\n');
  await run('setpriv', [...confined, 'mmdebstrap', ...args], { env }).catch(
    async (error: unknown) => {
      const problems = valuesOf('problem', await readReport());
      if (problems.length === 0) throw error;
      throw new OperatorError({
        code: 'tool-failed',
        message: `making the base of the root file system of ${recipe.suite}`,
        hint: 'The packages of this suite are not as OpenClone knows them. Please report this.',
        cause: new Error(problems.join('; '), { cause: error }),
      });
    },
  );
  const lines = await readReport();
  await rm(report);
  await rm(sources);
  return parseReport(lines);
}

/** Hosts read neither manuals nor other languages; licences stay. */
const EXCLUDED = [
  '/usr/share/man/*',
  '/usr/share/doc/*',
  '/usr/share/locale/*',
  '/usr/share/info/*',
];

function parseReport(lines: readonly string[]): Report {
  const values = (name: string): string[] => valuesOf(name, lines);
  const [kernel] = values('kernel');
  if (kernel === undefined) {
    throw new OperatorError({
      code: 'tool-failed',
      message:
        'making the base of the root file system: mmdebstrap ended before the kernel was there',
      hint: 'Please report this with the output of `mmdebstrap --version`.',
    });
  }
  return {
    kernel,
    firmware: values('firmware'),
    missingFirmware: values('no-firmware'),
    sizeBeforePruningKib: Number(values('kib-before-pruning')[0]),
  };
}

function valuesOf(name: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) =>
    line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : [],
  );
}

/** What mmdebstrap itself still needed when customize.sh ran; mirrors and proxies are named in it. */
async function throwPackagingAway(directory: string): Promise<void> {
  const root = join(directory, 'rootfs');
  for (const path of ['etc/apt', 'var/lib/apt', 'var/lib/dpkg', 'var/cache/apt', 'usr/lib/dpkg']) {
    await removeTree(join(root, path));
  }
  for (const path of ['usr/share/dpkg', 'etc/dpkg', 'etc/debconf.conf', 'etc/kernel']) {
    await removeTree(join(root, path));
  }
  const programs = await readdir(join(root, 'usr/bin')).catch(() => []);
  for (const name of programs.filter((each) => /^dpkg(-|$)/.test(each))) {
    await removeTree(join(root, 'usr/bin', name));
  }
  // Hosts have the kernel's own /dev; nobody on the server should find device nodes here.
  await removeTree(join(root, 'dev'));
  await mkdir(join(root, 'dev'), { mode: 0o755 });
  await rename(join(root, 'usr/share/openclone-packages.txt'), join(directory, 'packages.txt'));
}
