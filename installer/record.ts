/** The record of what OpenClone's installer has made on this machine, over all its runs. */

import { mkdir, open, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';
import { Change } from './changes/change.ts';
import { realPath, type System } from './system.ts';

/** Only root reads it: it has the earlier text of files in it. */
export const RECORD_DIRECTORY = '/var/lib/openclone-installer';
export const RECORD_FILE = `${RECORD_DIRECTORY}/installed.json`;
const RECORD_FORMAT_VERSION = 1;

const InstallRecord = z.object({
  formatVersion: z.literal(RECORD_FORMAT_VERSION),
  /** Of the program that wrote it last. */
  programVersion: z.string(),
  /** In the order in which they were made. */
  changes: z.array(Change),
});
export type InstallRecord = z.infer<typeof InstallRecord>;

/** null before the first installation. Throws `not-allowed` for a record that this program cannot read. */
export async function readRecord(system: System): Promise<InstallRecord | null> {
  try {
    return InstallRecord.parse(JSON.parse(await readFile(realPath(system, RECORD_FILE), 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new OperatorError({
      code: 'not-allowed',
      message: `reading what was installed from ${RECORD_FILE}`,
      hint: 'Use the installer of the version that is installed, or a newer one.',
      cause,
    });
  }
}

/** Durable when it resolves: what is made next can be found again after a power cut. */
export async function writeRecord(
  system: System,
  record: { readonly programVersion: string; readonly changes: readonly Change[] },
): Promise<void> {
  const path = realPath(system, RECORD_FILE);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    const { programVersion, changes } = record;
    const text = { formatVersion: RECORD_FORMAT_VERSION, programVersion, changes };
    await file.writeFile(`${JSON.stringify(text, null, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
}

/** Nothing of OpenClone is left, so nothing is recorded either. */
export async function removeRecord(system: System): Promise<void> {
  await rm(realPath(system, RECORD_FILE), { force: true });
  await rmdir(realPath(system, RECORD_DIRECTORY));
}
