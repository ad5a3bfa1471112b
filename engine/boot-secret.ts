/**
 * The secret by which the server knows this boot of the host again. It lies in the state directory, below /run, so that
 * an engine that its supervisor starts again has it still, and a host that was booted again has another one.
 */

import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineSecret } from '../lib/model/ids.ts';

const SECRET_BYTES = 32;

/** Reads it, or makes it at the first start. The caller holds the lock of the state directory. */
export async function bootSecret(stateDirectory: string): Promise<EngineSecret> {
  const path = join(stateDirectory, 'boot-secret');
  const known = EngineSecret.safeParse(await readFile(path, 'latin1').catch(() => ''));
  if (known.success) return known.data;
  const secret = EngineSecret.parse(randomBytes(SECRET_BYTES).toString('hex'));
  await writeFile(`${path}.new`, secret, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secret;
}
