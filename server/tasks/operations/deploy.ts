/** A deploy, as the server sees it: which image, and how the host gets it. */

import { findImage, newestVersion } from '../../lookup.ts';
import { loadImage } from './load-image.ts';
import type { RowOf } from './row.ts';

export const deployOperation: RowOf<'deploy'> = {
  by: 'engine',
  resolve: ({ data, disk }, { type, image: reference, transport, gatherMs }) => {
    const image = findImage(data.images, reference);
    const versionId = newestVersion(image, 'deploying').id;
    return { type, disk, imageId: image.id, versionId, transport, gatherMs };
  },
  prepare: async (context, item, operation, assignment) => {
    const { manifest, image } = await loadImage(context, operation);
    const source = await context.gathering.sourceFor(item, operation, manifest, image);
    return { ...assignment, type: 'deploy', disk: operation.disk, image, source };
  },
};
