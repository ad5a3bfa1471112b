/** The program's files: /opt/openclone/VERSION, /opt/openclone/current → it. The version before stays. */

import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  hashProgramFiles,
  listProgramFiles,
  NODE_LINK,
  type ProgramFile,
} from '../bundle/program-files.ts';
import { prepareStoreRollBack } from './store-rollback.ts';
import { realPath, type System } from '../machine/system.ts';
import type { InstallStep } from '../step.ts';
import { makeLink } from '../changes/link.ts';
import { CURRENT, PROGRAM_DIRECTORY } from '../machine/names.ts';

/** The hash of what was installed. */
const STAMP = '.content-hash';

export const program: InstallStep = {
  name: 'program',
  title: 'installing the program',
  restartsServer: true,
  prepareRollBack: prepareStoreRollBack,
  describe: ({ programVersion }) => [
    `program ${PROGRAM_DIRECTORY}/${programVersion}, and ${CURRENT} → it`,
  ],
  check: async ({ system, plan }) => {
    const installed = await stampOf(system, CURRENT);
    return installed !== null && installed === (await hashOf(plan.sourceDirectory));
  },
  apply: async ({ system, plan, journal }) => {
    const files = await listProgramFiles(plan.sourceDirectory);
    const hash = await hashProgramFiles(plan.sourceDirectory, files);
    const directory = await directoryFor(system, plan.programVersion, hash);
    if ((await stampOf(system, directory)) !== hash) {
      // Whatever is in it belongs to a program directory that is OpenClone's as a whole.
      await journal.note({ type: 'directory', path: directory, tree: true, data: null });
      await copyProgram(system, { source: plan.sourceDirectory, files, directory, hash });
    }
    const previousTarget = await targetOf(system);
    const name = directory.slice(PROGRAM_DIRECTORY.length + 1);
    await makeLink({ system, journal }, { path: CURRENT, previousTarget, target: name });
    await removeOthers(system, ['current', name, previousTarget ?? name]);
  },
};

async function hashOf(source: string): Promise<string> {
  return hashProgramFiles(source, await listProgramFiles(source));
}

/** Named by the version; other contents of the same version get a name of their own, since theirs may be running. */
async function directoryFor(system: System, version: string, hash: string): Promise<string> {
  const plain = `${PROGRAM_DIRECTORY}/${version}`;
  const found = await stampOf(system, plain);
  const isFree = (await stat(realPath(system, plain)).catch(() => null)) === null;
  return isFree || found === hash ? plain : `${plain}-${hash.slice(0, 8)}`;
}

async function copyProgram(
  system: System,
  program: {
    readonly source: string;
    readonly files: readonly ProgramFile[];
    readonly directory: string;
    readonly hash: string;
  },
): Promise<void> {
  const { source, files, directory, hash } = program;
  const target = realPath(system, directory);
  const unfinished = `${target}.new`;
  await rm(unfinished, { recursive: true, force: true });
  for (const { path, isExecutable } of files) {
    const copy = join(unfinished, path);
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
    await copyFile(join(source, path), copy);
    await chmod(copy, isExecutable ? 0o755 : 0o644);
  }
  const link = join(unfinished, NODE_LINK.path);
  await mkdir(dirname(link), { recursive: true, mode: 0o755 });
  await symlink(NODE_LINK.target, link);
  await writeFile(join(unfinished, STAMP), `${hash}\n`, { mode: 0o644 });
  // After a power cut the stamp must not vouch for files that never reached the disk.
  await system.run('sync', ['--file-system', unfinished]);
  await rm(target, { recursive: true, force: true });
  await rename(unfinished, target);
}

async function stampOf(system: System, directory: string): Promise<string | null> {
  const text = await readFile(join(realPath(system, directory), STAMP), 'utf8').catch(() => null);
  return text === null ? null : text.trim();
}

async function targetOf(system: System): Promise<string | null> {
  return readlink(realPath(system, CURRENT)).catch(() => null);
}

/**
 * Older versions, and what a killed installer left. Nothing else: somebody may have put a clone of the sources there,
 * and run the installer from it.
 */
async function removeOthers(system: System, kept: readonly string[]): Promise<void> {
  const directory = realPath(system, PROGRAM_DIRECTORY);
  for (const name of await readdir(directory)) {
    if (kept.includes(name)) continue;
    const isOurs =
      /^\d+\.\d+\.\d+\S*\.new$/.test(name) ||
      (await stampOf(system, `${PROGRAM_DIRECTORY}/${name}`)) !== null;
    if (isOurs) await rm(join(directory, name), { recursive: true, force: true });
  }
}
