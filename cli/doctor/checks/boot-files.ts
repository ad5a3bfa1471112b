/** The boot files are there, complete, and readable by everybody, and only those may write who should. */

import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Site } from '../../../lib/model/site.ts';
import { message } from '../../../lib/model/messages/table.ts';
import { allBootFiles, kernelFiles } from '../boot-files.ts';
import type { Build } from '../build.ts';
import type { Check } from '../check.ts';
import { failure, ok, type Finding } from '../finding.ts';

export const bootFiles: Check = {
  name: 'boot-files',
  title: message('check.boot-files'),
  rootBecause: null,
  perform: async ({ build, site }) => {
    const names = allBootFiles(site, build);
    const findings = (
      await Promise.all([
        ...names.map((name) => checkFile(site, name)),
        ...(build === null ? [] : [compareWithBuild(site, build)]),
      ])
    ).flat();
    return findings.length > 0
      ? unique(findings)
      : [ok(site.tftpDirectory, message('boot-files.good', { files: names.length }))];
  },
};

const INSTALL = message('remedy.install-boot-files');
const WRITTEN_BY_SERVER = /\/pxelinux\.cfg\/default$|^grub\/(grub|default)\.cfg$/;

async function checkFile(site: Site, name: string): Promise<Finding[]> {
  const path = join(site.tftpDirectory, name);
  const found = await statOrNull(path);
  if (found === null || !found.isFile()) {
    const remedy = WRITTEN_BY_SERVER.test(name) ? message('remedy.server-writes-file') : INSTALL;
    return [failure(path, message('boot-files.missing'), remedy)];
  }
  if (found.size === 0) return [failure(path, message('boot-files.empty'), INSTALL)];
  const directories = await Promise.all(
    directoriesAbove(path).map(async (directory) => ({
      path: directory,
      mode: (await stat(directory)).mode,
      isDirectory: true,
    })),
  );
  return judgeModes([...directories, { path, mode: found.mode, isDirectory: false }]);
}

export type Mode = { readonly path: string; readonly mode: number; readonly isDirectory: boolean };

/** TFTP and HTTP serve as users of their own: what others cannot read, no host gets. */
export function judgeModes(modes: readonly Mode[]): Finding[] {
  return modes.flatMap(({ path, mode, isDirectory }) => {
    const needed = isDirectory ? 0o001 : 0o004;
    const closed = isDirectory
      ? failure(path, message('boot-files.not-entered'), `chmod o+rx ${path}`)
      : failure(path, message('boot-files.not-read'), `chmod o+r ${path}`);
    const unreadable = (mode & needed) === 0 ? [closed] : [];
    // A sticky directory (/tmp) lets nobody replace what is another's.
    const writable = (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
    return writable
      ? [...unreadable, failure(path, message('boot-files.writable'), `chmod o-w ${path}`)]
      : unreadable;
  });
}

/** Kernel and initramfs in TFTP are those of the build. */
async function compareWithBuild(site: Site, build: Build): Promise<Finding[]> {
  const findings = kernelFiles(build).map(async (name) => {
    const path = join(site.tftpDirectory, name);
    const inTftp = await statOrNull(path);
    const inBuild = await statOrNull(join(build.directory, name.split('/').at(-1) ?? ''));
    if (inTftp === null || inBuild === null || inTftp.size === inBuild.size) return [];
    const found = message('boot-files.other-size', {
      sizeBytes: inTftp.size,
      buildBytes: inBuild.size,
    });
    return [failure(path, found, message('remedy.install-build'))];
  });
  return (await Promise.all(findings)).flat();
}

function directoriesAbove(path: string): string[] {
  const directories: string[] = [];
  for (let at = dirname(path); at !== '/' && at !== '.'; at = dirname(at)) directories.push(at);
  return directories;
}

async function statOrNull(path: string): Promise<Stats | null> {
  return stat(path).catch(() => null);
}

/** Directories lie above many files. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((each) => [JSON.stringify(each), each])).values()];
}
