/** A release: everything but Debian packages in one archive, whose install.sh needs neither npm nor its registry. */

import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Run } from '../../lib/exec/run.ts';
import { PROGRAM_VERSION } from '../../lib/protocol/version.ts';
import { hashProgramFiles, listProgramFiles, NODE_LINK } from './program-files.ts';

/** The same for every release, so that the same files give the same archive: 2020-01-01. */
const MODIFIED_AT = '@1577836800';

export type Release = { readonly file: string; readonly sha256: string };

/**
 * Writes OUTPUT/openclone-VERSION.tar.xz and OUTPUT/SHA256SUMS. The same files give the same bytes: order, owners,
 * modes and times do not depend on who packs (tar(1), xz(1) with a fixed block size).
 */
export async function packRelease(run: Run, project: string, output: string): Promise<Release> {
  const name = `openclone-${PROGRAM_VERSION}`;
  const file = join(output, `${name}.tar.xz`);
  await mkdir(output, { recursive: true });
  const work = await mkdtemp(join(output, '.release-'));
  try {
    await stage(project, join(work, name));
    await run('tar', [
      '--create',
      '--directory',
      work,
      '--file',
      join(work, 'release.tar'),
      '--sort=name',
      '--format=gnu',
      `--mtime=${MODIFIED_AT}`,
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      name,
    ]);
    await run('xz', ['--threads=2', '--block-size=32MiB', '-3', join(work, 'release.tar')]);
    const sha256 = createHash('sha256')
      .update(await readFile(join(work, 'release.tar.xz')))
      .digest('hex');
    await rename(join(work, 'release.tar.xz'), file);
    await writeFile(join(output, 'SHA256SUMS'), `${sha256}  ${basename(file)}\n`);
    return { file, sha256 };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function stage(project: string, target: string): Promise<void> {
  const files = await listProgramFiles(project);
  for (const { path, isExecutable } of files) {
    const copy = join(target, path);
    await makeDirectory(dirname(copy));
    await copyFile(join(project, path), copy);
    await chmod(copy, isExecutable ? 0o755 : 0o644);
  }
  const link = join(target, NODE_LINK.path);
  await makeDirectory(dirname(link));
  await symlink(NODE_LINK.target, link);
  const contentHash = await hashProgramFiles(project, files);
  const release = join(target, 'RELEASE.json');
  await writeFile(release, `${JSON.stringify({ version: PROGRAM_VERSION, contentHash })}\n`);
  await chmod(release, 0o644);
}

/** With mode 0755 whatever the umask is: it becomes part of the archive. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) {
    await chmod(made, 0o755);
  }
}
