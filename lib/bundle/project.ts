/** projectDirectory: the directory that the program is in. */

import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The directory of package.json: the same for the sources and for a bundle below dist. */
export function projectDirectory(): string {
  const found = findPackageJSON(import.meta.url);
  if (found === undefined) throw new TypeError(`no package.json above ${import.meta.url}`);
  return dirname(found);
}
