/** A build: a base with OpenClone on it, its kernel and its initramfs, in a directory of its own that appears at once. */

import { chmod, link, mkdir, mkdtemp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../lib/exec/run.ts';
import {
  BUILD_FORMAT_VERSION,
  BuildFile,
  BuildId,
  ServerBuildFile,
} from '../lib/model/build-file.ts';
import { PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { hashRecipe, makeBase, readBase, type Base, type BaseRecipe } from './base.ts';
import { writeInitrd } from './initrd.ts';
import {
  buildDirectory,
  buildsOf,
  UNFINISHED_PREFIX,
  withNetbootLock,
} from './netboot-directory.ts';
import { digestOverlay, writeOverlay, type Overlay } from './overlay.ts';
import { removeTree } from './remove-tree.ts';
import { replaceFile } from './replace-file.ts';
import { makeSquashfs, type Packing } from './squashfs.ts';

export type BuildOptions = Overlay & {
  /** NETBOOT: made when it is not there. */
  readonly netboot: string;
  readonly recipe: Omit<BaseRecipe, 'dataDirectory'>;
  /** Builds the base again, for the distribution's security updates. */
  readonly refresh: boolean;
  readonly packing: Packing;
  /** How long another build is waited for: that of an installer that was killed goes on without it. */
  readonly waitSeconds?: number;
  readonly now: Date;
  /** Called before each part of the work with what comes now. */
  readonly onProgress: (text: string) => void;
};

export type BuildResult = {
  readonly directory: string;
  readonly file: ServerBuildFile;
  readonly base: Base;
  readonly baseReused: boolean;
  readonly warnings: readonly string[];
};

/**
 * Makes a build in `options.netboot`; `current` stays as it is. Needs root. Throws `tool-missing`, `tool-failed`,
 * `bad-argument` (files), `not-allowed` (another build is under way); nothing of a failed one remains.
 */
export async function buildRootfs(run: Run, options: BuildOptions): Promise<BuildResult> {
  await mkdir(options.netboot, { recursive: true, mode: 0o755 });
  return withNetbootLock(
    options.netboot,
    async () => {
      const recipe = { ...options.recipe, dataDirectory: join(options.dataDirectory, 'base') };
      const found = options.refresh
        ? null
        : await readBase(options.netboot, await hashRecipe(recipe));
      if (found === null) {
        options.onProgress(
          `base: packages of ${recipe.suite} by mmdebstrap, about a minute or two`,
        );
      }
      const base = found ?? (await makeBase(run, options.netboot, recipe, options.now));
      const made = await buildOnBase(run, base, options);
      const missing = base.file.missingFirmware.map((name) => `firmware: no source has ${name}`);
      return {
        ...made,
        base,
        baseReused: found !== null,
        warnings: [...missing, ...made.warnings],
      };
    },
    options.waitSeconds,
  );
}

async function buildOnBase(
  run: Run,
  base: Base,
  options: BuildOptions,
): Promise<Pick<BuildResult, 'directory' | 'file' | 'warnings'>> {
  const { netboot, now } = options;
  const id = newBuildId(now, await digestOverlay(options, base.file.hash + base.file.madeAt));
  const build = BuildFile.parse({
    formatVersion: BUILD_FORMAT_VERSION,
    id,
    builtAt: now.toISOString(),
    programVersion: PROGRAM_VERSION,
    kernel: base.file.kernel,
    suite: base.file.suite,
  });
  await mkdir(buildsOf(netboot), { recursive: true, mode: 0o755 });
  const unfinished = await mkdtemp(join(netboot, `${UNFINISHED_PREFIX}build-`));
  try {
    await chmod(unfinished, 0o755);
    const root = join(unfinished, 'rootfs');
    options.onProgress(`build ${id}: OpenClone ${PROGRAM_VERSION} on base ${base.file.hash}`);
    await run('cp', ['--archive', '--link', join(base.directory, 'rootfs'), root]);
    const warnings = await writeOverlay(run, root, options, build);
    options.onProgress('squashfs: the whole system in one file, for all hosts');
    const file = ServerBuildFile.parse({
      ...build,
      base: base.file.hash,
      serverHardware: options.recipe.serverHardware,
      firmware: options.recipe.firmware.length > 0,
      squashfs: await makeSquashfs(run, root, join(unfinished, 'rootfs.squashfs'), options.packing),
    });
    await writeInitrd(join(unfinished, 'initrd.img'), {
      baseInitrd: join(base.directory, 'initrd.img'),
      dataDirectory: join(options.dataDirectory, 'initrd'),
      build: file,
    });
    await link(join(base.directory, 'vmlinuz'), join(unfinished, 'vmlinuz'));
    await link(join(base.directory, 'packages.txt'), join(unfinished, 'packages.txt'));
    const text = `${JSON.stringify(file, null, 2)}\n`;
    await replaceFile(join(unfinished, 'build.json'), text, 0o644);
    await run('sync', ['--file-system', unfinished]);
    const directory = buildDirectory(netboot, id);
    await rename(unfinished, directory);
    return { directory, file, warnings };
  } catch (error) {
    await removeTree(unfinished);
    throw error;
  }
}

/** "20261121-113000-1a2b", UTC. */
function newBuildId(now: Date, digest: string): BuildId {
  const [date = '', time = ''] = now.toISOString().split('T');
  const digits = (text: string): string => text.replace(/\D/g, '');
  return BuildId.parse(`${digits(date)}-${digits(time).slice(0, 6)}-${digest}`);
}
