/** mksquashfs(1): the root file system as one file that hosts fetch into memory. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Run } from '../lib/exec/run.ts';

/** `thorough`: what hosts fetch is small · `quick`: made in little time, for tests. */
export type Packing = 'thorough' | 'quick';

/** Measured (docs/design/rootfs.md). */
const COMPRESSION_LEVELS: Readonly<Record<Packing, number>> = { thorough: 15, quick: 3 };

/** Packs `directory` into `file`; returns length in bytes and SHA-256. Throws `tool-missing`, `tool-failed`. */
export async function makeSquashfs(
  run: Run,
  directory: string,
  file: string,
  packing: Packing,
): Promise<{ sizeBytes: number; sha256: string }> {
  await run('setpriv', [
    '--pdeathsig',
    'KILL',
    'mksquashfs',
    directory,
    file,
    '-noappend',
    '-quiet',
    '-no-progress',
    '-no-exports',
    '-comp',
    'zstd',
    '-Xcompression-level',
    String(COMPRESSION_LEVELS[packing]),
    '-b',
    '256K',
  ]);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { sizeBytes: (await stat(file)).size, sha256: hash.digest('hex') };
}
