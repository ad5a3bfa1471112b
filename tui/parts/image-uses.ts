/** Which tasks have to do with an image. */

import type { Image } from '../../lib/model/image.ts';
import { isEnded, type Task } from '../../lib/model/task.ts';

/** Whether the task reads a version of the image or makes a new one. */
export function usesImage(task: Task, image: Image): boolean {
  return task.operations.some((operation) => {
    switch (operation.type) {
      case 'deploy':
      case 'partition':
        return operation.imageId === image.id;
      case 'capture':
        return operation.imageName.toLowerCase() === image.name.toLowerCase();
      case 'shutdown':
        return false;
    }
  });
}

/** The tasks of `tasks` that still need the image. */
export function unfinishedUses(tasks: readonly Task[], image: Image): Task[] {
  return tasks.filter(
    (task) => usesImage(task, image) && task.runs.some(({ state }) => !isEnded(state)),
  );
}
