/** An image's partition table and nothing else, as the server sees it: which image. */

import { loadImage } from './load-image.ts';
import type { HostOperation } from './table.ts';

export const partitionOperation: HostOperation<'partition'> = {
  by: 'host',
  prepare: async (context, _, operation, assignment) => {
    const { image } = await loadImage(context, operation);
    return { ...assignment, type: 'partition', disk: operation.disk, image };
  },
};
