/** The site as the installer wrote it, checked. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { Site, SITE_FORMAT_VERSION } from '../../lib/model/site.ts';

/** Throws `bad-argument` when the file is not there, is none, is one of another version, or gives images away. */
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
  if (site.success) return withoutExportedImages(site.data, doing);
  throw new OperatorError({
    code: 'bad-argument',
    message: `${doing}: ${z.prettifyError(site.error).replaceAll('\n', ' ').slice(0, 500)}`,
    hint,
  });
}

/** Everybody on the network reads what is below the other two directories. */
function withoutExportedImages(site: Site, doing: string): Site {
  const { imageDirectory, netbootDirectory, tftpDirectory } = site;
  const around = [tftpDirectory, netbootDirectory].find((directory) =>
    `${imageDirectory}/`.startsWith(`${directory}/`),
  );
  if (around === undefined) return site;
  throw new OperatorError({
    code: 'bad-argument',
    message: `${doing}: the images in ${imageDirectory} would be served to everybody with ${around}`,
    hint: 'Move the images to a directory of their own, and name it in the file (imageDirectory).',
  });
}
