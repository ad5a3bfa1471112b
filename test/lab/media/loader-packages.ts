/** Debian's signed boot loaders for the tests: downloaded once, unpacked, never installed on this machine. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';

const CACHE = '/var/cache/openclone-lab';
const PACKAGES = ['shim-signed', 'shim-helpers-amd64-signed', 'grub-efi-amd64-signed'];

/** The directory below which their files are as a package manager would install them. */
export async function unpackedLoaders(run: Run): Promise<string> {
  const final = join(CACHE, 'media-loaders');
  if (existsSync(final)) return final;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, '.media-loaders-'));
  try {
    // apt-get download writes to its working directory, which only env -C sets without a shell.
    await run('env', [
      '-C',
      work,
      'apt-get',
      '-q',
      '-o',
      'APT::Sandbox::User=root',
      'download',
      ...PACKAGES,
    ]);
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['--extract', join(work, file), work]);
      rmSync(join(work, file));
    }
    // Somebody else may have been faster.
    if (!existsSync(final)) renameSync(work, final);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return final;
}
