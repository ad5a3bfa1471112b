/** Free space where a directory is or would be. */

import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bytes } from '../../lib/units.ts';
import { realPath, type System } from '../machine/system.ts';

/** What programs without privileges may still write below `path`, which need not exist yet. */
export async function freeSpaceOf(system: System, path: string): Promise<Bytes> {
  for (let directory = path; ; directory = dirname(directory)) {
    const found = await statfs(realPath(system, directory)).catch(() => null);
    if (found !== null) return found.bavail * found.bsize;
    if (directory === '/') return 0;
  }
}
