/** What an earlier installation left: its site and its record. */

import { readFile } from 'node:fs/promises';
import { OperatorError } from '../../lib/errors.ts';
import { Site } from '../../lib/model/site.ts';
import { SITE_FILE } from '../../lib/model/site-file.ts';
import { readRecord, type InstallRecord } from '../changes/record.ts';
import { realPath, type System } from '../machine/system.ts';

export type Installation = {
  readonly site: Site | null;
  readonly record: InstallRecord | null;
  /** Whether a server is installed: a first installation that did not come to its end is none yet. */
  readonly isComplete: boolean;
};

/** Throws `not-allowed` for a site that this program cannot read: nothing of it may be lost. */
export async function readInstallation(system: System): Promise<Installation> {
  const site = await readSite(system);
  const record = await readRecord(system);
  const begun = record?.begun;
  const isFirst = begun !== undefined && begun.isAgreed && !begun.isUpdate;
  return { site, record, isComplete: site !== null && !isFirst };
}

async function readSite(system: System): Promise<Site | null> {
  try {
    return Site.parse(JSON.parse(await readFile(realPath(system, SITE_FILE), 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new OperatorError({
      code: 'not-allowed',
      message: `reading the settings of the installed server in ${SITE_FILE}`,
      hint: 'Put it right by hand, or move it away to begin again.',
      cause,
    });
  }
}
