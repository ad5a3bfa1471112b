/** Operators' calls about images. */

import { refusalFor } from '../../lib/rules/capability.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { IMAGE_METHODS } from '../../lib/protocol/operator-api/images.ts';
import { findImage, refuseTakenName, refuseIf, versionOf } from '../lookup.ts';
import { refuseProtection, refuseRename } from '../tasks/captures.ts';
import { deletionFacts } from '../../lib/rules/image-uses.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { compareNames } from '../compare-names.ts';

export function imageHandlers({
  store,
  images,
}: Pick<ApiContext, 'store' | 'images'>): Handlers<typeof IMAGE_METHODS, [Caller]> {
  return {
    'image.list': async () =>
      Promise.resolve(
        store.read().images.toSorted((one, other) => compareNames(one.name, other.name)),
      ),
    'image.show': async ({ image: reference }) => {
      const image = findImage(store.read().images, reference);
      const version = versionOf(image, undefined, 'showing');
      const manifest = await images.readManifest(image.id, version.id, version.manifestSha256);
      return { image, manifest, directory: images.versionPath(image.id, version.id) };
    },
    'image.verify': async ({ image: reference, allVersions }) => {
      const image = findImage(store.read().images, reference);
      versionOf(image, undefined, 'verifying');
      const results = [];
      for (const version of allVersions ? image.versions : image.versions.slice(0, 1)) {
        const result = await images.verify(image.id, version.id, version.manifestSha256);
        results.push({ imageId: image.id, versionId: version.id, ...result });
      }
      return results;
    },
    'image.rename': async ({ image: reference, name }, caller) => {
      const id = await caller.store.change((data) => {
        const image = findImage(data.images, reference);
        const others = data.images.filter((other) => other.id !== image.id);
        refuseTakenName('image', others, name);
        refuseRename(data.tasks, image, name);
        image.name = name;
        return image.id;
      });
      return findImage(store.read().images, id);
    },
    'image.protect': async ({ image: reference, isProtected }, caller) => {
      const id = await caller.store.change((data) => {
        const image = findImage(data.images, reference);
        if (isProtected) refuseProtection(data.tasks, image);
        image.isProtected = isProtected;
        return image.id;
      });
      return findImage(store.read().images, id);
    },
    'image.delete': async ({ image: reference }, caller) => {
      const id = await caller.store.change((data) => {
        const image = findImage(data.images, reference);
        refuseIf(
          refusalFor('image.delete', deletionFacts(image, data.tasks, Date.now())),
          `deleting the image "${image.name}"`,
        );
        data.images = data.images.filter((other) => other.id !== image.id);
        return image.id;
      });
      await images.deleteImage(id);
      return {};
    },
  };
}
