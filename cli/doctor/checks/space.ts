/** Free space where OpenClone writes. */

import { statfs } from 'node:fs/promises';
import type { Message } from '../../../lib/model/message.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Site } from '../../../lib/model/site.ts';
import type { Check } from '../check.ts';
import { failure, ok, saidBy, warning, type Finding } from '../finding.ts';

const GB = 1e9;
const MAKE_ROOM = message('remedy.make-room');

export const space: Check = {
  name: 'space',
  title: message('check.space'),
  rootBecause: null,
  perform: async ({ dataDirectory, site }) =>
    Promise.all(
      placesOf(site, dataDirectory).map(async (place) => {
        try {
          const { bavail, bsize } = await statfs(place.path);
          return judgeSpace(place, bavail * bsize);
        } catch (error) {
          const found = message('space.unseen', { path: place.path, said: saidBy(error) });
          return failure(place.label, found, message('remedy.install-directory'));
        }
      }),
    ),
};

export type Place = {
  /** What is kept there. */
  readonly label: Message;
  readonly path: string;
  /** Below the first nothing works any more, below the second it is time to act. */
  readonly leastBytes: number;
  readonly lowBytes: number;
  readonly remedy: Message;
};

/** A root file system with its base takes about 1.5 GB; the store is small, but losing a write is bad. */
export function placesOf(site: Site, dataDirectory: string): Place[] {
  return [
    {
      label: message('about.images'),
      path: site.imageDirectory,
      leastBytes: 1 * GB,
      lowBytes: 20 * GB,
      remedy: message('remedy.delete-images'),
    },
    {
      label: message('about.store'),
      path: dataDirectory,
      leastBytes: 0.1 * GB,
      lowBytes: 1 * GB,
      remedy: MAKE_ROOM,
    },
    {
      label: message('about.root-file-systems'),
      path: site.netbootDirectory,
      leastBytes: 0.5 * GB,
      lowBytes: 3 * GB,
      remedy: MAKE_ROOM,
    },
    {
      label: message('about.boot-files'),
      path: site.tftpDirectory,
      leastBytes: 0.1 * GB,
      lowBytes: 0.5 * GB,
      remedy: MAKE_ROOM,
    },
  ];
}

export function judgeSpace(
  { label, leastBytes, lowBytes, path, remedy }: Place,
  freeBytes: number,
): Finding {
  const found = message('space.free', { freeBytes, path });
  if (freeBytes < leastBytes) return failure(label, found, remedy);
  return freeBytes < lowBytes ? warning(label, found, remedy) : ok(label, found);
}
