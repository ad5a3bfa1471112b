/** The site file, read and judged. */

import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { message } from '../../lib/model/messages/table.ts';
import { Site } from '../../lib/model/site.ts';
import { cutSaid, failure, ok, saidBy, warning, type Finding } from './finding.ts';

export type SiteReading = { readonly site: Site | null; readonly findings: readonly Finding[] };

/** What to do about a site file that is not valid. */
export const SITE_REMEDY = message('remedy.install-site');

/** Never throws: without a site the findings say why. */
export async function readSite(path: string): Promise<SiteReading> {
  let text: string;
  let mode: number;
  try {
    text = await readFile(path, 'utf8');
    ({ mode } = await stat(path));
  } catch (error) {
    const said = saidBy(error);
    return without(failure(path, message('site.unreadable', { said }), SITE_REMEDY));
  }
  const { site, findings } = judgeSite(path, text);
  if (site === null || (mode & 0o444) === 0o444) return { site, findings };
  const found = message('site.only-root-reads');
  return { site, findings: [warning(path, found, `chmod 644 ${path}`)] };
}

/** The result of reading the text of the file. */
export function judgeSite(path: string, text: string): SiteReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const said = saidBy(error);
    return without(failure(path, message('site.not-json', { said }), SITE_REMEDY));
  }
  const parsed = Site.safeParse(json);
  if (!parsed.success) {
    const said = cutSaid(z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' '));
    return without(failure(path, message('site.invalid', { said }), SITE_REMEDY));
  }
  const site = parsed.data;
  const subnets = site.subnets.map(({ name }) => name).join(', ');
  return { site, findings: [ok(path, message('site.valid', { subnets }))] };
}

function without(finding: Finding): SiteReading {
  return { site: null, findings: [finding] };
}
