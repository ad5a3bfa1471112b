/** mksquashfs(1): the root file system as one file that hosts fetch into memory. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Run } from '../lib/exec/run.ts';

/** Measured (docs/design/rootfs.md): 15 takes six times as long and saves the hosts 7 %. */
const COMPRESSION_LEVEL = 9;

/** Packs `directory` into `file`; answers length in bytes and SHA-256. Throws `tool-missing`, `tool-failed`. */
export async function makeSquashfs(
  run: Run,
  directory: string,
  file: string,
): Promise<{ sizeBytes: number; sha256: string }> {
  await run('setpriv', [
    ...['--pdeathsig', 'KILL', 'mksquashfs', directory, file],
    ...['-noappend', '-quiet', '-no-progress', '-no-exports', '-comp', 'zstd'],
    ...['-Xcompression-level', String(COMPRESSION_LEVEL), '-b', '256K'],
  ]);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { sizeBytes: (await stat(file)).size, sha256: hash.digest('hex') };
}
