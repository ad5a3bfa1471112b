/** A capture, as the server sees it: a place for its streams before, a version of an image after. */

import { refuseProtected } from '../captures.ts';
import type { HostOperation } from './table.ts';

export const captureOperation: HostOperation<'capture'> = {
  by: 'host',
  prepare: async ({ store, images }, { run }, { disk, imageName, compression }, assignment) => {
    refuseProtected(store.read().images, imageName);
    await images.openStaging(run.id);
    return { ...assignment, type: 'capture', disk, compression };
  },
};
