/** debugfs(8) of e2fsprogs: a look into an ext2/3/4 file system without mounting it. */

import type { Run } from '../../lib/exec/run.ts';

/**
 * The content of the file at `path`, an absolute path of plain characters, on the file system of `address`; null when
 * there is none or when its last element is a symbolic link (debugfs does not follow that one). Opens the device for
 * reading only and does not replay the journal. Throws `tool-missing`, `tool-failed`.
 */
export async function readExtFile(run: Run, address: string, path: string): Promise<string | null> {
  // The request is one string with a syntax of its own: nothing but these characters may go into it.
  if (!/^\/[A-Za-z0-9/._-]+$/.test(path)) throw new RangeError(`no path for debugfs: ${path}`);
  // Failures show on standard error only; the exit status is 0 whatever happened (1.47).
  const { stdout } = await run('debugfs', ['-R', `cat ${path}`, address], { timeoutMs: 10_000 });
  return stdout === '' ? null : stdout;
}
