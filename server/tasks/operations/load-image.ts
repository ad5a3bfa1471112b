/** The version of an image that an operation names, with its manifest. */

import { OperatorError } from '../../../lib/errors.ts';
import type { Manifest } from '../../../lib/model/image.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import type { ImageStore } from '../../image-store/image-store.ts';
import type { Store } from '../../store/store.ts';

/** Throws `not-found` when the version is gone, and what reading its manifest throws. */
export async function loadImage(
  { store, images }: { readonly store: Store; readonly images: ImageStore },
  { imageId, versionId }: Extract<Operation, { type: 'deploy' | 'partition' }>,
): Promise<{ manifest: Manifest; image: DeployImage }> {
  const version = store
    .read()
    .images.find((image) => image.id === imageId)
    ?.versions.find((candidate) => candidate.id === versionId);
  if (version === undefined) {
    throw new OperatorError({
      code: 'not-found',
      message: `finding version ${versionId} of image ${imageId}: it is gone`,
      hint: 'Deploy an image that is in `openclone image list`.',
    });
  }
  const { manifestSha256 } = version;
  const manifest = await images.readManifest(imageId, versionId, manifestSha256);
  return { manifest, image: { ...manifest, manifestSha256 } };
}
