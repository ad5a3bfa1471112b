/** exportfs(8) */

import { readdir, readFile } from 'node:fs/promises';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { realPath, type System } from '../machine/system.ts';
import { EXPORTS_FILE } from '../machine/names.ts';

/** Debian's and Ubuntu's name of the kernel's NFS server. */
export const NFS_UNIT = 'nfs-server.service';

/** Lets the kernel's NFS server read all exports again, where there is one. */
export async function readExportsAgain(run: Run): Promise<void> {
  try {
    // 1: no NFS server runs in this kernel.
    await run('exportfs', ['-ra'], { allowedStatuses: [0, 1] });
  } catch (error) {
    // Another NFS server serves, and reads its own configuration.
    if (!(error instanceof OperatorError && error.code === 'tool-missing')) throw error;
  }
}

/** What the server exports for others than us (exports(5)): the first words of their lines. */
export async function otherExports(system: System): Promise<string[]> {
  const parts = await readdir(realPath(system, '/etc/exports.d')).catch(() => []);
  const files = ['/etc/exports', ...parts.map((name) => `/etc/exports.d/${name}`)];
  const found: string[] = [];
  for (const file of files.filter((each) => each !== EXPORTS_FILE)) {
    if (file !== '/etc/exports' && !file.endsWith('.exports')) continue;
    const text = await readFile(realPath(system, file), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => /^\s*[^\s#]/.test(line));
    found.push(...lines.map((line) => line.trim().split(/\s+/)[0] ?? ''));
  }
  return found;
}
