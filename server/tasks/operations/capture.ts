/** A capture, as the server sees it: a place for its streams before, a version of an image after. */

import { refuseCapture, refuseProtected } from '../captures.ts';
import type { RowOf } from './row.ts';

export const captureOperation: RowOf<'capture'> = {
  by: 'engine',
  resolve: ({ data, disk, hosts }, wanted) => {
    const names = hosts.map(({ name }) => name).join(', ');
    refuseCapture(data, wanted.imageName, `capturing ${names} to the image "${wanted.imageName}"`);
    return { ...wanted, disk };
  },
  wantedAgain: (_data, { type, imageName, compression }) => ({ type, imageName, compression }),
  prepare: async ({ store, images }, { run }, { disk, imageName, compression }, assignment) => {
    refuseProtected(store.read().images, imageName);
    await images.openStaging(run.id);
    return { ...assignment, type: 'capture', disk, compression };
  },
};
