/** Whether this kernel can serve NFS (nfsd(7)): containers and small cloud kernels often cannot. */

import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { realPath, type System } from '../machine/system.ts';

const MODULE = 'kernel/fs/nfsd/nfsd.ko';

export async function canServeNfs(system: System): Promise<boolean> {
  const loaded = await readFile('/proc/filesystems', 'utf8');
  if (/\bnfsd$/m.test(loaded)) return true;
  const directory = realPath(system, `/lib/modules/${release()}`);
  const builtIn = await readFile(`${directory}/modules.builtin`, 'utf8').catch(() => '');
  if (builtIn.includes(MODULE)) return true;
  const found = await Promise.all(
    ['', '.xz', '.zst', '.gz'].map((suffix) =>
      access(`${directory}/${MODULE}${suffix}`).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
