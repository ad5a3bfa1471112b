/** deploy: the disk of each host becomes what an image holds. */

import { z } from 'zod';
import { DiskSelector } from '../disk-selector.ts';
import { ImageId, VersionId } from '../ids.ts';
import { Reference } from '../names.ts';
import { Assignment, DeployImage, ImageSource } from './assignment.ts';
import type { HostKind } from './kind.ts';

const type = z.literal('deploy');

/** How long a session waits for the task's other hosts when nobody says it. */
export const DEFAULT_GATHER_MS = 120_000;

/** How image data reaches the hosts: auto is multicast for several hosts, unicast for one alone. */
export const TransportChoice = z.enum(['auto', 'multicast', 'unicast']);
export type TransportChoice = z.infer<typeof TransportChoice>;

const stored = z.object({
  type,
  disk: DiskSelector,
  imageId: ImageId,
  versionId: VersionId,
  transport: TransportChoice,
  /** How long a session waits for the task's other hosts after the first is ready. */
  gatherMs: z.number().int().nonnegative(),
});
const wanted = z.object({
  type,
  image: Reference,
  /** Absent: the newest one. */
  versionId: VersionId.optional(),
  transport: TransportChoice.default('auto'),
  gatherMs: z.number().int().nonnegative().max(86_400_000).default(DEFAULT_GATHER_MS),
});
const assigned = Assignment.extend({
  type,
  disk: DiskSelector,
  image: DeployImage,
  source: ImageSource,
});

export const deploy = {
  stored,
  wanted,
  assigned,
  traits: {
    worker: 'engine',
    rank: 2,
    usesDisk: true,
    leaves: 'image',
    receives: true,
    isForOneHost: false,
    endsWorker: false,
  },
  versionRead: ({ imageId, versionId }) => ({ imageId, versionId }),
  imageMade: () => null,
} satisfies HostKind<typeof stored, typeof wanted, typeof assigned>;
