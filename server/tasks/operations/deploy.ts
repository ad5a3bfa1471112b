/** A deploy, as the server sees it: which image, and how the host gets it. */

import { findImage, imageNameOf, versionOf } from '../../lookup.ts';
import { loadImage } from './load-image.ts';
import type { RowOf } from './row.ts';

export const deployOperation: RowOf<'deploy'> = {
  by: 'engine',
  resolve: ({ data, disk }, { type, image: reference, versionId: wanted, transport, gatherMs }) => {
    const image = findImage(data.images, reference);
    const versionId = versionOf(image, wanted, 'deploying').id;
    return { type, disk, imageId: image.id, versionId, transport, gatherMs };
  },
  wantedAgain: (data, { type, imageId, transport, gatherMs }) => ({
    type,
    image: imageNameOf(data, imageId),
    transport,
    gatherMs,
  }),
  prepare: async (context, item, operation, assignment) => {
    const { manifest, image } = await loadImage(context, operation);
    const source = await context.gathering.sourceFor(item, operation, manifest, image);
    return { ...assignment, type: 'deploy', disk: operation.disk, image, source };
  },
};
