/** Which tasks have to do with an image, and what that forbids. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import type { Image } from '../../../lib/model/image.ts';
import { imageMade, versionRead } from '../../../lib/model/operation.ts';
import { isEnded, type Run, type Task } from '../../../lib/model/task.ts';
import { isRecentlyInterrupted } from '../../../lib/rules/run-resumption.ts';
import type { Model } from '../../model.ts';

/** Whether the task reads a version of the image or makes a new one. */
export function usesImage(task: Task, image: Image): boolean {
  const name = image.name.toLowerCase();
  return task.operations.some(
    (operation) =>
      versionRead(operation)?.imageId === image.id || imageMade(operation)?.toLowerCase() === name,
  );
}

/** The tasks of `tasks` that still need the image. */
export function unfinishedUses(tasks: readonly Task[], image: Image): Task[] {
  return tasks.filter(
    (task) => usesImage(task, image) && task.runs.some(({ state }) => !isEnded(state)),
  );
}

/** The runs of hosts that were cut off and may still be receiving the image at `now`. */
export function cutOffUses(tasks: readonly Task[], image: Image, now: number): Run[] {
  return tasks
    .filter((task) =>
      task.operations.some((operation) => versionRead(operation)?.imageId === image.id),
    )
    .flatMap(({ runs }) => runs.filter((run) => isRecentlyInterrupted(run, now)));
}

/** Why no version of an image of that name can be captured now; null when one can. */
export function whyNotCapture(
  imageName: string,
  { images, status }: Pick<Model, 'images' | 'status'>,
): string | null {
  const isName = (name: string): boolean => name.toLowerCase() === imageName.toLowerCase();
  const captures = (status?.tasks ?? []).filter(
    (task) =>
      task.runs.some(({ state }) => !isEnded(state)) &&
      task.operations.some((each) => isName(imageMade(each) ?? '')),
  );
  return refusalFor('image.capture', {
    isProtected: images.some(({ name, isProtected }) => isProtected && isName(name)),
    capturesOfThatName: captures.length,
  });
}
