/** partition: an image's partition table and nothing else; everything on the disk is lost. */

import { z } from 'zod';
import { DiskSelector } from '../disk-selector.ts';
import { ImageId, VersionId } from '../ids.ts';
import { Reference } from '../names.ts';
import { Assignment, DeployImage } from './assignment.ts';
import type { HostKind } from './kind.ts';

const type = z.literal('partition');

const stored = z.object({ type, disk: DiskSelector, imageId: ImageId, versionId: VersionId });
const wanted = z.object({
  type,
  image: Reference,
  /** Absent: the newest one. */
  versionId: VersionId.optional(),
});
const assigned = Assignment.extend({ type, disk: DiskSelector, image: DeployImage });

export const partition = {
  stored,
  wanted,
  assigned,
  traits: {
    worker: 'engine',
    rank: 1,
    usesDisk: true,
    leaves: 'table',
    receives: false,
    isForOneHost: false,
    endsWorker: false,
  },
  versionRead: ({ imageId, versionId }) => ({ imageId, versionId }),
  imageMade: () => null,
} satisfies HostKind<typeof stored, typeof wanted, typeof assigned>;
