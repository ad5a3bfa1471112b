/** Operators' calls about images. */

import { z } from 'zod';
import { Image, Manifest, Verification } from '../../model/image.ts';
import { MAX_IMAGES, MAX_VERSIONS } from '../../model/limits.ts';
import { Name, Reference } from '../../model/names.ts';
import { changes, polls, reads, type OperatorMethod } from './method.ts';
import { Nothing } from './references.ts';

export const IMAGE_METHODS = {
  'image.list': polls(Nothing, z.array(Image).max(MAX_IMAGES)),
  /** `directory` is where the newest version lies on the server. */
  'image.show': reads(
    z.object({ image: Reference }),
    z.object({ image: Image, manifest: Manifest, directory: z.string().max(4096) }),
  ),
  /** Reads every file of the newest version (or of all) and compares hashes. */
  'image.verify': reads(
    z.object({ image: Reference, allVersions: z.boolean() }),
    z.array(Verification).max(MAX_VERSIONS),
  ),
  'image.rename': changes(['images'], z.object({ image: Reference, name: Name }), Image),
  /** A protected image is neither deleted nor captured again. */
  'image.protect': changes(
    ['images'],
    z.object({ image: Reference, isProtected: z.boolean() }),
    Image,
  ),
  'image.delete': changes(['images'], z.object({ image: Reference }), Nothing),
} as const satisfies Record<string, OperatorMethod>;
