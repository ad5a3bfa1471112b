/** The site as the installer wrote it, checked. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';
import { Site, SITE_FORMAT_VERSION } from '../lib/model/site.ts';

/** Throws `bad-argument` when the file is not there, is none, or is one of another version. */
export async function readSiteFile(path: string): Promise<Site> {
  const doing = `reading the site in ${path}`;
  const hint = 'The installer writes it: run it again, or correct the file.';
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new OperatorError({ code: 'bad-argument', message: doing, hint, cause });
  }
  const version = z.object({ formatVersion: z.number() }).safeParse(content);
  if (version.success && version.data.formatVersion > SITE_FORMAT_VERSION) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `${doing}: it has version ${version.data.formatVersion}, this program knows ${SITE_FORMAT_VERSION}`,
      hint: 'A newer OpenClone wrote it: start the newest version that is installed.',
    });
  }
  const site = Site.safeParse(content);
  if (site.success) return site.data;
  throw new OperatorError({
    code: 'bad-argument',
    message: `${doing}: ${z.prettifyError(site.error).replaceAll('\n', ' ').slice(0, 500)}`,
    hint,
  });
}
