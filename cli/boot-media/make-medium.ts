/**
 * Makes a boot medium: one file that is an ISO image for CDs and at the same time a disk image for USB sticks, for
 * BIOS, UEFI and UEFI with Secure Boot. It starts the engine where booting from the network is impossible.
 */

import { randomBytes } from 'node:crypto';
import { lstat, mkdtemp, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { engineWords, type RootSource } from '../../lib/boot/kernel-command-line.ts';
import type { Language } from '../../lib/model/language.ts';
import type { Site } from '../../lib/model/site.ts';
import { readCurrentBuild, type CurrentBuild } from './current-build.ts';
import { makeEfiPartition } from './efi-partition.ts';
import { findLoaderFiles, type LoaderPaths } from './loader-files.ts';
import { GRUB_FILES, grubMenu, isolinuxMenu, KERNEL_PATH, type Menu } from './menus.ts';
import { writeSquashfsInitrd } from './squashfs-initrd.ts';

export type MediumOptions = {
  readonly site: Site;
  /** The server's address as the hosts reach it. */
  readonly serverAddress: string;
  readonly root: RootSource;
  /** Of the host's screen. */
  readonly language: Language;
  /** A fixed address for the host that boots it, instead of DHCP. */
  readonly lease: FixedLease | null;
  /** Whether a file that is there already may be replaced. */
  readonly overwrite: boolean;
};

export type FixedLease = {
  readonly address: string;
  readonly netmask: string;
  readonly router: string | null;
};

export type Medium = {
  readonly path: string;
  readonly sizeBytes: number;
  readonly buildId: string;
};

/**
 * Makes the medium at `path`, which either is complete afterwards or as it was. Reads the server's data, changes none.
 * Throws `not-allowed` for what is no regular file or is there already, `not-found` without a build or its squashfs,
 * `tool-missing` for loaders and tools.
 */
export async function makeBootMedium(
  run: Run,
  path: string,
  options: MediumOptions,
): Promise<Medium> {
  const target = resolve(path);
  await refuseOther(target, options.overwrite);
  const build = await readCurrentBuild(options.site.netbootDirectory);
  const squashfs = squashfsFor(build, options.root);
  const loaders = await findLoaderFiles(options.site);
  // Beside the target, so that it appears there by a rename.
  const work = await makeWorkDirectory(target);
  try {
    const initrds: [onMedium: string, file: string][] = [['/boot/initrd.img', build.initrdPath]];
    if (options.root.type === 'loaded' && squashfs !== null) {
      const file = join(work, 'rootfs.img');
      await writeSquashfsInitrd({ path: build.squashfsPath, ...squashfs }, file);
      initrds.push(['/boot/rootfs.img', file]);
    }
    const menu: Menu = {
      title: `OpenClone, build ${build.id}`,
      markerPath: `/openclone/${randomBytes(8).toString('hex')}`,
      initrdPaths: initrds.map(([onMedium]) => onMedium),
      words: wordsFor(build, options),
    };
    const image = await makeImage(run, work, { build, loaders, menu, initrds });
    const file = await open(image);
    await file.sync();
    const { size } = await file.stat();
    await file.close();
    await rename(image, target);
    return { path: target, sizeBytes: size, buildId: build.id };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function wordsFor(
  build: CurrentBuild,
  { site, serverAddress, root, lease, language }: MediumOptions,
): string[] {
  const words = engineWords(site, {
    serverAddress,
    buildId: build.id,
    root,
    debug: false,
    language,
  });
  if (lease === null) return words;
  const { address, netmask, router } = lease;
  return [...words, `ip=${address}:${serverAddress}:${router ?? '0.0.0.0'}:${netmask}`];
}

/** Throws `not-found` when the root file system is to be in memory and the build has no squashfs. */
function squashfsFor(build: CurrentBuild, root: RootSource): CurrentBuild['squashfs'] {
  if (root.type === 'nfs' || build.squashfs !== null) return build.squashfs;
  throw new OperatorError({
    code: 'not-found',
    message: `finding the squashfs of build ${build.id}: it was made without one`,
    hint: 'Build the root file system again (sudo openclone rootfs build --activate), or leave out --ram and --with-rootfs.',
  });
}

/** A medium is a file: written to a disk in the wrong moment, it would cost that disk's content. */
async function refuseOther(target: string, overwrite: boolean): Promise<void> {
  const refuse = (reason: string, hint: string): OperatorError =>
    new OperatorError({
      code: 'not-allowed',
      message: `making the boot medium ${target}: ${reason}`,
      hint,
    });
  const link = await lstat(target).catch(() => null);
  if (link === null) return;
  const found = link.isSymbolicLink() ? await stat(target).catch(() => link) : link;
  if (!found.isFile() || link.isSymbolicLink()) {
    throw refuse(
      'what is there is no regular file',
      'Name a new file; the help says how it gets onto a USB disk.',
    );
  }
  if (!overwrite) throw refuse('there is such a file', 'Name another one, or give --overwrite.');
}

async function makeWorkDirectory(target: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  } catch (cause) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `making the boot medium ${target}`,
      hint: 'Name a file in a directory that exists and that you may write to.',
      cause,
    });
  }
}

/** xorriso(1), xorrisofs(1): the EFI partition is the second El Torito image and the second partition at once. */
async function makeImage(
  run: Run,
  work: string,
  parts: {
    readonly build: CurrentBuild;
    readonly loaders: LoaderPaths;
    readonly menu: Menu;
    readonly initrds: readonly (readonly [onMedium: string, file: string])[];
  },
): Promise<string> {
  const { build, loaders, menu, initrds } = parts;
  const grubConfiguration = join(work, 'grub.cfg');
  await writeFile(grubConfiguration, grubMenu(menu));
  const efi = await makeEfiPartition(run, work, loaders, grubConfiguration);
  const isolinuxConfiguration = join(work, 'isolinux.cfg');
  await writeFile(isolinuxConfiguration, isolinuxMenu(menu));
  const marker = join(work, 'marker');
  await writeFile(marker, `${build.id}\n`);
  const image = join(work, 'medium.iso');
  const files: readonly (readonly [onMedium: string, file: string])[] = [
    ['/isolinux/isolinux.bin', loaders.isolinux],
    ['/isolinux/ldlinux.c32', loaders.ldlinux],
    ['/isolinux/menu.c32', loaders.menu],
    ['/isolinux/chain.c32', loaders.chain],
    ['/isolinux/libcom32.c32', loaders.libcom],
    ['/isolinux/libutil.c32', loaders.libutil],
    ['/isolinux/isolinux.cfg', isolinuxConfiguration],
    [KERNEL_PATH, build.kernelPath],
    ...initrds,
    [menu.markerPath, marker],
    ...GRUB_FILES.map((path) => [path, grubConfiguration] as const),
  ];
  await run('xorriso', [
    '-as',
    'mkisofs',
    '-quiet',
    '-o',
    image,
    '-V',
    'OPENCLONE',
    '-r',
    '-iso-level',
    '3',
    '-isohybrid-mbr',
    loaders.isohybrid,
    '-c',
    '/isolinux/boot.cat',
    '-b',
    '/isolinux/isolinux.bin',
    '-no-emul-boot',
    '-boot-load-size',
    '4',
    '-boot-info-table',
    '-eltorito-alt-boot',
    '-append_partition',
    '2',
    '0xef',
    efi,
    '-e',
    '--interval:appended_partition_2:all::',
    '-no-emul-boot',
    '-graft-points',
    ...files.map(([onMedium, file]) => `${onMedium}=${file.replaceAll(/[\\=]/g, '\\$&')}`),
  ]);
  return image;
}
