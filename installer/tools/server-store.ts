/** The store of the server on this machine, as this installer's own server program sees it. */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RestoreOutcome, StoreState } from '../../lib/model/store-state.ts';
import { realPath, type System } from '../machine/system.ts';
import { STORE_DIRECTORY } from '../machine/names.ts';

/** A large store on a slow disk. */
const TIMEOUT_MS = 120_000;

/** null when there is no directory for one. `sourceDirectory`: where this installer's files lie. */
export async function readStoreState(
  system: System,
  sourceDirectory: string,
): Promise<StoreState | null> {
  const directory = realPath(system, STORE_DIRECTORY);
  if ((await stat(directory).catch(() => null)) === null) return null;
  return StoreState.parse(await askProgram(system, sourceDirectory, ['--store-state']));
}

/** Puts back the copy of `version`. Throws `tool-failed`, also while a server has the store. */
export async function restoreStore(
  system: System,
  sourceDirectory: string,
  version: number,
): Promise<RestoreOutcome> {
  const options = ['--restore-store', String(version)];
  return RestoreOutcome.parse(await askProgram(system, sourceDirectory, options));
}

/** Where the copy of the store is that `version` left, null when there is none. */
export function copyOf(copies: StoreState['copies'], version: number): string | null {
  return copies.find((copy) => copy.version === version)?.path ?? null;
}

async function askProgram(
  system: System,
  sourceDirectory: string,
  options: readonly string[],
): Promise<unknown> {
  const program = join(sourceDirectory, 'server/main.ts');
  const { stdout } = await system.run(
    process.execPath,
    [program, '--data', realPath(system, STORE_DIRECTORY), ...options],
    { timeoutMs: TIMEOUT_MS },
  );
  return JSON.parse(stdout);
}
