/** A deploy, as the server sees it: which image, and how the host gets it. */

import { loadImage } from './load-image.ts';
import type { HostOperation } from './table.ts';

export const deployOperation: HostOperation<'deploy'> = {
  by: 'host',
  prepare: async (context, item, operation, assignment) => {
    const { manifest, image } = await loadImage(context, operation);
    const source = await context.gathering.sourceFor(item, operation, manifest, image);
    return { ...assignment, type: 'deploy', disk: operation.disk, image, source };
  },
};
