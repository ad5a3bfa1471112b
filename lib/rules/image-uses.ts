/** Which tasks read an image or will make a version of it, and what that means for what may be done to the image. */

import type { RunId, VersionId } from '../model/ids.ts';
import type { Image } from '../model/image.ts';
import { imageMade, versionRead } from '../model/operation.ts';
import { isEnded, type Run, type Task } from '../model/task.ts';
import type { Circumstances } from './capability.ts';
import { isRecentlyInterrupted, mayStillFinish, resumableRuns } from './run-resumption.ts';
import { isSameName } from './same-name.ts';

type ImageRef = Pick<Image, 'id' | 'name'>;

/** A task that will still make a version of an image. */
export type UnfinishedCapture = {
  readonly task: Task;
  /** Whether a host is at it, or was cut off at it and may end it. */
  readonly hasBegun: boolean;
};

/** Whether the task reads a version of the image, or makes a new one. */
export function usesImage(task: Task, image: ImageRef): boolean {
  return readsImage(task, image) || captureIndex(task, image.name) >= 0;
}

/** Whether the task deploys a version of the image, or its partition table. */
function readsImage(task: Task, image: Pick<Image, 'id'>): boolean {
  return task.operations.some((operation) => versionRead(operation)?.imageId === image.id);
}

/** The tasks, of `tasks` in the order in which they were made, that still need the image at `now` (milliseconds since 1970). */
export function unfinishedUses(tasks: readonly Task[], image: ImageRef, now: number): Task[] {
  const captures = new Set(unfinishedCaptures(tasks, image.name, now).map(({ task }) => task));
  return tasks.filter(
    (task) =>
      captures.has(task) ||
      (readsImage(task, image) && task.runs.some(({ state }) => !isEnded(state))),
  );
}

/** The captures to `imageName` that may still store what they read; `tasks` in the order in which they were made. */
export function unfinishedCaptures(
  tasks: readonly Task[],
  imageName: string,
  now: number,
): UnfinishedCapture[] {
  const resumable = resumableRuns(tasks, now);
  return tasks.flatMap((task): UnfinishedCapture[] => {
    const index = captureIndex(task, imageName);
    if (index < 0) return [];
    const runs = task.runs.filter(
      (run) => run.operationIndex <= index && mayStillCapture(run, resumable, now),
    );
    if (runs.length === 0) return [];
    return [{ task, hasBegun: runs.some((run) => run.state !== 'waiting') }];
  });
}

/** The place of the operation that makes a version of `imageName`; -1 when none does. */
function captureIndex({ operations }: Task, imageName: string): number {
  return operations.findIndex((operation) => isSameName(imageMade(operation) ?? '', imageName));
}

/** Whether what the run captures is accepted. Not when it was abandoned: its name may be another image's by now. */
export function mayStillCapture(run: Run, resumable: ReadonlySet<RunId>, now: number): boolean {
  return (
    run.state === 'waiting' ||
    run.state === 'running' ||
    resumable.has(run.id) ||
    mayStillFinish(run, now)
  );
}

/** What deleting the image depends on. */
export function deletionFacts(
  image: Pick<Image, 'id' | 'name' | 'isProtected'>,
  tasks: readonly Task[],
  now: number,
): Circumstances['image.delete'] {
  const readers = tasks.filter((task) => readsImage(task, image)).flatMap(({ runs }) => runs);
  return {
    isProtected: image.isProtected,
    unfinishedRuns:
      readers.filter(({ state }) => !isEnded(state)).length +
      unfinishedCaptures(tasks, image.name, now).length,
    cutOffRuns: readers.filter((run) => isRecentlyInterrupted(run, now)).length,
  };
}

/** What capturing to `imageName` depends on. */
export function captureFacts(
  imageName: string,
  { images, tasks }: { readonly images: readonly NamedImage[]; readonly tasks: readonly Task[] },
  now: number,
): Circumstances['image.capture'] {
  return {
    isProtected: isNameProtected(images, imageName),
    capturesOfThatName: unfinishedCaptures(tasks, imageName, now).length,
  };
}

type NamedImage = Pick<Image, 'name' | 'isProtected'>;

/** Whether there is a protected image of that name. */
export function isNameProtected(images: readonly NamedImage[], imageName: string): boolean {
  return images.some((image) => image.isProtected && isSameName(image.name, imageName));
}

/** Versions that may go once a newer one is there: all but the newest `keep` and those in use; none of a protected image. */
export function outdatedVersions(
  image: Image,
  keep: number,
  tasks: readonly Task[],
  now: number,
): VersionId[] {
  if (image.isProtected) return [];
  return image.versions
    .slice(keep)
    .map((version) => version.id)
    .filter((id) => !tasks.some((task) => usesVersion(task, id, now)));
}

function usesVersion(task: Task, id: VersionId, now: number): boolean {
  return (
    task.operations.some((operation) => versionRead(operation)?.versionId === id) &&
    task.runs.some((run) => !isEnded(run.state) || isRecentlyInterrupted(run, now))
  );
}
