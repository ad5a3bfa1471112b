/** What the model says about the uses of images. */

import type { Image } from '../../../lib/model/image.ts';
import type { Task } from '../../../lib/model/task.ts';
import { refusalFor } from '../../../lib/rules/capability.ts';
import { captureFacts } from '../../../lib/rules/image-uses.ts';
import type { DisabledReason } from '../../disabled-reason.ts';
import type { Model } from '../../model.ts';

/** The tasks that the server tells of, in the order in which they were made: it sends those under way first. */
export function tasksInOrder({ status }: Pick<Model, 'status'>): Task[] {
  return (status?.tasks ?? []).toSorted((one, other) =>
    one.createdAt < other.createdAt ? -1 : one.createdAt > other.createdAt ? 1 : 0,
  );
}

/** Why no version of an image of that name can be captured now; null when one can. */
export function refusalForCapture(
  imageName: string,
  model: Pick<Model, 'images' | 'status' | 'now'>,
): DisabledReason | null {
  const tasks = tasksInOrder(model);
  return refusalFor('image.capture', captureFacts(imageName, { ...model, tasks }, model.now));
}

/** Why `image` cannot be deployed; null when it can. */
export function refusalForDeploy({ versions }: Pick<Image, 'versions'>): DisabledReason | null {
  return refusalFor('image.deploy', { versions: versions.length });
}
