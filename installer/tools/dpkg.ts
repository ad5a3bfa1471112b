/** Which Debian packages are installed (dpkg-query(1)). */

import type { Run } from '../../lib/exec/run.ts';

/** The names of all that are installed, without the architecture. */
export async function listInstalledPackages(run: Run): Promise<ReadonlySet<string>> {
  const { stdout } = await run('dpkg-query', [
    '--show',
    '--showformat=${db:Status-Status} ${Package}\n',
  ]);
  return new Set(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice('installed '.length)),
  );
}
