/** Free space where OpenClone writes. */

import { statfs } from 'node:fs/promises';
import { formatBytes } from '../../../lib/format.ts';
import type { Site } from '../../../lib/model/site.ts';
import type { Check } from '../check.ts';
import { failure, ok, warning, type Finding } from '../finding.ts';

const GB = 1e9;

export const space: Check = {
  name: 'space',
  title: 'free space',
  rootBecause: null,
  examine: async ({ dataDirectory, site }) =>
    Promise.all(
      placesOf(site, dataDirectory).map(async (place) => {
        try {
          const { bavail, bsize } = await statfs(place.path);
          return judgeSpace(place, bavail * bsize);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          const remedy = 'Run `sudo ./install.sh` again: it makes the directory.';
          return failure(place.what, `${place.path} cannot be looked at: ${why}`, remedy);
        }
      }),
    ),
};

export type Place = {
  readonly what: string;
  readonly path: string;
  /** Below the first nothing works any more, below the second it is time to act. */
  readonly leastBytes: number;
  readonly lowBytes: number;
};

/** A root file system with its base takes about 1.5 GB; the store is small, but losing a write is bad. */
export function placesOf(site: Site, dataDirectory: string): Place[] {
  return [
    { what: 'images', path: site.imageDirectory, leastBytes: 1 * GB, lowBytes: 20 * GB },
    { what: 'store', path: dataDirectory, leastBytes: 0.1 * GB, lowBytes: 1 * GB },
    {
      what: 'root file systems',
      path: site.netbootDirectory,
      leastBytes: 0.5 * GB,
      lowBytes: 3 * GB,
    },
    { what: 'boot files', path: site.tftpDirectory, leastBytes: 0.1 * GB, lowBytes: 0.5 * GB },
  ];
}

export function judgeSpace(
  { leastBytes, lowBytes, path, what }: Place,
  freeBytes: number,
): Finding {
  const found = `${formatBytes(freeBytes)} free in ${path}`;
  const remedy =
    what === 'images'
      ? 'Delete images that nobody needs (`openclone image list`), or move the directory to a larger disk.'
      : 'Make room on this file system: du -xh --max-depth=2';
  if (freeBytes < leastBytes) return failure(what, found, remedy);
  return freeBytes < lowBytes ? warning(what, found, remedy) : ok(what, found);
}
