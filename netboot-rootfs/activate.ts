/** Switches the build that hosts boot: copies kernels to TFTP, sets the links current and previous, deletes old builds. */

import { chmod, mkdir, mkdtemp, readFile, rename, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../lib/errors.ts';
import { BuildId, ServerBuildFile } from '../lib/model/build-file.ts';
import { readBase } from './base.ts';
import {
  basesOf,
  buildDirectory,
  isAbsent,
  listBuildIds,
  namesIn,
  readBuildLink,
  switchBuildLink,
  UNFINISHED_PREFIX,
  withNetbootLock,
} from './netboot-directory.ts';
import { removeTree } from './remove-tree.ts';
import { replaceByCopy } from './replace-file.ts';

/** How long a host may go on running from NFS on a build that is no longer current. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

export type ActivateOptions = {
  readonly netboot: string;
  /** TFTP: kernel and initramfs go to boot/ID below it; null when this machine serves none. */
  readonly tftp: string | null;
};

export type BuildRow = {
  readonly file: ServerBuildFile;
  readonly current: boolean;
  readonly previous: boolean;
};

/** All builds, oldest first. */
export async function listBuilds(netboot: string): Promise<BuildRow[]> {
  const current = await readBuildLink(netboot, 'current');
  const previous = await readBuildLink(netboot, 'previous');
  const rows: BuildRow[] = [];
  for (const id of await listBuildIds(netboot)) {
    const file = await readBuild(netboot, id);
    rows.push({ file, current: id === current, previous: id === previous });
  }
  return rows;
}

/** What the current build is made for; of builds that do not say it, and where there is none: the usual computers. */
export async function hardwareOfCurrent(
  netboot: string,
): Promise<{ firmware: boolean; serverHardware: boolean }> {
  const current = (await listBuilds(netboot)).find((row) => row.current)?.file;
  if (current === undefined) return { firmware: false, serverHardware: false };
  const base = await readBase(netboot, current.base);
  return {
    firmware: current.firmware ?? (base?.file.firmware.length ?? 0) > 0,
    serverHardware: current.serverHardware ?? false,
  };
}

/**
 * Makes `id` (null: the newest) the build that hosts boot. Its kernel is in TFTP before `current` names it. Throws
 * `not-found` when there is no such build.
 */
export async function activateBuild(
  options: ActivateOptions,
  id: BuildId | null,
): Promise<ServerBuildFile> {
  return withNetbootLock(options.netboot, async () => {
    const ids = await listBuildIds(options.netboot);
    const wanted = id ?? ids.at(-1);
    if (wanted === undefined || !ids.includes(wanted)) {
      throw new OperatorError({
        code: 'not-found',
        message: `activating ${wanted === undefined ? 'the newest build' : `build ${wanted}`}`,
        hint: `Builds of ${options.netboot}: ${ids.length === 0 ? 'none; make one with "build"' : ids.join(', ')}.`,
      });
    }
    return activate(options, wanted);
  });
}

/** Goes back to the build that was current before; twice is forth again. Throws `not-found` when there is none. */
export async function rollBack(options: ActivateOptions): Promise<ServerBuildFile> {
  return withNetbootLock(options.netboot, async () => {
    const previous = await readBuildLink(options.netboot, 'previous');
    if (previous !== null && (await listBuildIds(options.netboot)).includes(previous)) {
      return activate(options, previous);
    }
    throw new OperatorError({
      code: 'not-found',
      message: `going back to the build before, in ${options.netboot}`,
      hint: 'Only one build was ever active here; "list" shows what there is.',
    });
  });
}

/**
 * Removes all builds but current, previous, those made after current, those made or current within the day before
 * `now`, and those in `inUse`; and the bases and kernels that nothing uses any more. Returns the ids. Hosts that run
 * from one of them by NFS lose their root.
 */
export async function pruneBuilds(
  options: ActivateOptions,
  now: Date,
  inUse: readonly string[] = [],
): Promise<BuildId[]> {
  return withNetbootLock(options.netboot, async () => {
    const rows = await listBuilds(options.netboot);
    const currentAt = rows.findIndex(({ current }) => current);
    const kept: BuildRow[] = [];
    for (const [index, row] of rows.entries()) {
      const isNamed = currentAt === -1 || row.previous || index >= currentAt;
      const isKept = isNamed || inUse.includes(row.file.id);
      if (isKept || (await maybeInUse(options.netboot, row.file.id, now))) kept.push(row);
    }
    const removed = rows.filter((row) => !kept.includes(row)).map(({ file }) => file.id);
    for (const id of removed)
      await removeWhole(options.netboot, buildDirectory(options.netboot, id));
    const bases = new Set(kept.map(({ file }) => file.base));
    for (const hash of await namesIn(basesOf(options.netboot))) {
      if (!bases.has(hash))
        await removeWhole(options.netboot, join(basesOf(options.netboot), hash));
    }
    if (options.tftp !== null) await removeKernels(options.tftp, kept);
    return removed;
  });
}

async function activate(options: ActivateOptions, id: BuildId): Promise<ServerBuildFile> {
  const { netboot, tftp } = options;
  const file = await readBuild(netboot, id);
  if (tftp !== null) await placeKernel(netboot, tftp, id);
  const current = await readBuildLink(netboot, 'current');
  if (current !== null && current !== id) {
    await noteLastCurrent(netboot, current);
    await switchBuildLink(netboot, 'previous', current);
  }
  await switchBuildLink(netboot, 'current', id);
  return file;
}

/** The time of a build's directory says until when hosts could boot it, or when it was made if they never could. */
async function noteLastCurrent(netboot: string, id: BuildId): Promise<void> {
  const now = new Date();
  try {
    await utimes(buildDirectory(netboot, id), now, now);
  } catch (error) {
    // Somebody has removed the build by hand; the links outlive it.
    if (!isAbsent(error)) throw error;
  }
}

async function maybeInUse(netboot: string, id: BuildId, now: Date): Promise<boolean> {
  const { mtimeMs } = await stat(buildDirectory(netboot, id));
  return now.getTime() - mtimeMs < KEPT_FOR_MS;
}

async function placeKernel(netboot: string, tftp: string, id: BuildId): Promise<void> {
  const boot = join(tftp, 'boot');
  await mkdir(boot, { recursive: true, mode: 0o755 });
  for (const name of await namesIn(boot)) {
    if (name.startsWith(UNFINISHED_PREFIX)) await removeTree(join(boot, name));
  }
  if ((await namesIn(boot)).includes(id)) return;
  const unfinished = await mkdtemp(join(boot, UNFINISHED_PREFIX));
  for (const name of ['vmlinuz', 'initrd.img']) {
    await replaceByCopy(join(unfinished, name), join(buildDirectory(netboot, id), name), 0o644);
  }
  await chmod(unfinished, 0o755);
  await rename(unfinished, join(boot, id));
}

async function removeKernels(tftp: string, kept: readonly BuildRow[]): Promise<void> {
  const boot = join(tftp, 'boot');
  for (const name of await namesIn(boot)) {
    if (BuildId.safeParse(name).success && !kept.some(({ file }) => file.id === name)) {
      await removeTree(join(boot, name));
    }
  }
}

/** Away under its name at once: a removal that is cut short leaves nothing that looks whole. */
async function removeWhole(netboot: string, directory: string): Promise<void> {
  const doomed = await mkdtemp(join(netboot, `${UNFINISHED_PREFIX}removed-`));
  await rename(directory, join(doomed, 'it'));
  await removeTree(doomed);
}

async function readBuild(netboot: string, id: BuildId): Promise<ServerBuildFile> {
  const file = join(buildDirectory(netboot, id), 'build.json');
  try {
    return ServerBuildFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new OperatorError({
      code: 'not-found',
      message: `reading ${file}`,
      hint: 'The build is damaged, or of a newer OpenClone: remove its directory and build again.',
      cause: error,
    });
  }
}
