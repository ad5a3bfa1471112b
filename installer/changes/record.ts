/** The record of what OpenClone's installer has made on this machine, over all its runs. */

import { mkdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { KeptAnswers } from '../answers.ts';
import { Change } from './table.ts';
import { realPath, type System } from '../machine/system.ts';
import { unfinishedOf, writeDurably } from '../machine/write-durably.ts';

/** Only root reads it: it has the earlier text of files in it. */
export const RECORD_DIRECTORY = '/var/lib/openclone-installer';
export const RECORD_FILE = `${RECORD_DIRECTORY}/installed.json`;
const RECORD_FORMAT_VERSION = 1;

const Begun = z.object({
  /** When it was answered. */
  at: z.iso.datetime(),
  /** Whether somebody said yes to the plan of these answers, so that its steps may have begun. */
  isAgreed: z.boolean(),
  /** Whether there was an installed server before. */
  isUpdate: z.boolean(),
  answers: KeptAnswers,
  /** Said later, when what is agreed had not come to its end; nobody has said yes to it. */
  draft: KeptAnswers.optional().catch(undefined),
});
export type Begun = z.infer<typeof Begun>;

const InstallRecord = z.object({
  formatVersion: z.literal(RECORD_FORMAT_VERSION),
  /** Of the program that wrote it last. */
  programVersion: z.string(),
  /** In the order in which they were made. */
  changes: z.array(Change),
  /** What the installed server was answered. Missing in records of 0.2, and in those of answers that only a newer one knows. */
  answers: KeptAnswers.optional().catch(undefined),
  /** A run that has not come to its end. */
  begun: Begun.optional().catch(undefined),
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
  record: Omit<InstallRecord, 'formatVersion'>,
): Promise<void> {
  const path = realPath(system, RECORD_FILE);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = { formatVersion: RECORD_FORMAT_VERSION, ...record };
  await writeDurably(path, `${JSON.stringify(text, null, 1)}\n`, 0o600);
}

/** Nothing of OpenClone is left, so nothing is recorded either. */
export async function removeRecord(system: System): Promise<void> {
  const path = realPath(system, RECORD_FILE);
  // "new": of versions before 0.3.
  for (const each of [path, unfinishedOf(path), `${path}.new`]) await rm(each, { force: true });
  await rmdir(dirname(path)).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  });
}
