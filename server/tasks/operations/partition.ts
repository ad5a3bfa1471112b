/** An image's partition table and nothing else, as the server sees it: which image. */

import { findImage, imageNameOf, versionOf } from '../../lookup.ts';
import { loadImage } from './load-image.ts';
import type { RowOf } from './row.ts';

export const partitionOperation: RowOf<'partition'> = {
  by: 'engine',
  resolve: ({ data, disk }, { type, image: reference, versionId: wanted }) => {
    const image = findImage(data.images, reference);
    const versionId = versionOf(image, wanted, 'taking the partition table of').id;
    return { type, disk, imageId: image.id, versionId };
  },
  wantedAgain: (data, { type, imageId }) => ({ type, image: imageNameOf(data, imageId) }),
  prepare: async (context, _, operation, assignment) => {
    const { image } = await loadImage(context, operation);
    return { ...assignment, type: 'partition', disk: operation.disk, image };
  },
};
