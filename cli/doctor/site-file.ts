/** The site file, read and judged. */

import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { Site } from '../../lib/model/site.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

export type SiteReading = { readonly site: Site | null; readonly findings: readonly Finding[] };

const REMEDY = 'Run `sudo ./install.sh` again: it asks for the settings and writes the file.';

/** Never throws: without a site the findings say why. */
export async function readSite(path: string): Promise<SiteReading> {
  let text: string;
  let mode: number;
  try {
    text = await readFile(path, 'utf8');
    ({ mode } = await stat(path));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return without(failure(path, `it cannot be read: ${why}`, REMEDY));
  }
  const { site, findings } = judgeSite(path, text);
  if (site === null || (mode & 0o444) === 0o444) return { site, findings };
  const remedy = `chmod 644 ${path}`;
  return { site, findings: [warning(path, 'the server cannot read it: only root may', remedy)] };
}

/** The result of reading the text of the file. */
export function judgeSite(path: string, text: string): SiteReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return without(failure(path, `it is no JSON: ${why}`, REMEDY));
  }
  const parsed = Site.safeParse(json);
  if (!parsed.success) {
    const why = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ');
    return without(failure(path, `it is not valid: ${why}`, REMEDY));
  }
  const site = parsed.data;
  const names = site.subnets.map(({ name }) => name).join(', ');
  return { site, findings: [ok(path, `valid; subnets: ${names}`)] };
}

function without(finding: Finding): SiteReading {
  return { site: null, findings: [finding] };
}
