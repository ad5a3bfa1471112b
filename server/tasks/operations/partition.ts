/** An image's partition table and nothing else, as the server sees it: which image. */

import { loadImage } from './load-image.ts';
import type { ServerOperation } from './table.ts';

export const partitionOperation: ServerOperation<'partition'> = {
  prepare: async (context, _, operation, assignment) => {
    const { image } = await loadImage(context, operation);
    return { ...assignment, type: 'partition', disk: operation.disk, image };
  },
};
