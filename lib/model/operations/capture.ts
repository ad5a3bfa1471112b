/** capture: the disk of a host becomes a version of an image. */

import { z } from 'zod';
import { DiskSelector } from '../disk-selector.ts';
import { Compression } from '../image.ts';
import { Name } from '../names.ts';
import { Assignment } from './assignment.ts';
import type { HostKind } from './kind.ts';

const type = z.literal('capture');

const stored = z.object({ type, disk: DiskSelector, imageName: Name, compression: Compression });
const wanted = stored.omit({ disk: true }).extend({ compression: Compression.default('zstd') });
const assigned = Assignment.extend({ type, disk: DiskSelector, compression: Compression });

export const capture = {
  stored,
  wanted,
  assigned,
  traits: {
    worker: 'engine',
    rank: 0,
    usesDisk: true,
    leaves: 'as-it-was',
    receives: false,
    isForOneHost: true,
    endsWorker: false,
  },
  versionRead: () => null,
  imageMade: ({ imageName }) => imageName,
} satisfies HostKind<typeof stored, typeof wanted, typeof assigned>;
