/** Refusals for unfinished captures, and what is kept of what they have sent. */

import { render } from '../../lib/messages/render.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import type { Host } from '../../lib/model/host.ts';
import type { RunId } from '../../lib/model/ids.ts';
import type { Image } from '../../lib/model/image.ts';
import {
  captureFacts,
  isNameProtected,
  unfinishedCaptures,
  type UnfinishedCapture,
} from '../../lib/rules/image-uses.ts';
import { isInFuture, isRecent } from '../../lib/rules/recent.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import type { Bytes } from '../../lib/units.ts';
import { refuseIf } from '../lookup.ts';
import { isSameName } from '../../lib/rules/same-name.ts';

/** Of operators' calls: what they need of the store. */
type ImagesAndTasks = { readonly images: readonly Image[]; readonly tasks: readonly Task[] };

/**
 * How large the disk is that the run captures, as its host has told: when the task was made (the engine refuses another
 * disk), else with the run; where it has told neither, as its largest.
 */
export function capturedDiskBytes(run: Run, host: Host | undefined): Bytes {
  const told = run.expectedDisk?.sizeBytes ?? run.diskIdentity?.sizeBytes;
  if (told !== undefined) return told;
  return Math.max(0, ...(host?.systemInfo?.disks ?? []).map(({ sizeBytes }) => sizeBytes));
}

/** How long the data of an interrupted capture waits for its engine. */
const KEEP_STAGED_MS = 24 * 3_600_000;

/**
 * The runs whose engines may go on with what they have sent to a server before this one. An end that lies in the future is
 * no reason to throw hours of a capture away: the server may have been started before its clock was set.
 */
export function runsWithStaging(tasks: readonly Task[], now: number): RunId[] {
  return tasks
    .flatMap(({ runs }) => runs)
    .filter(
      ({ state, endedAt }) =>
        state === 'running' ||
        (state === 'interrupted' &&
          endedAt !== null &&
          (isInFuture(endedAt, now) || isRecent(endedAt, now, KEEP_STAGED_MS))),
    )
    .map(({ id }) => id);
}

/** Throws `not-allowed` when no version of an image of that name may be made now. */
export function refuseCapture(
  { images, tasks }: ImagesAndTasks,
  imageName: string,
  doing: string,
): void {
  const now = Date.now();
  refuseIf(
    refusalFor('image.capture', captureFacts(imageName, { images, tasks }, now)),
    doing,
    hintOf(unfinishedCaptures(tasks, imageName, now)),
  );
}

/** Throws `not-allowed` when the image of that name was protected after its capture was asked for. */
export function refuseProtected(images: readonly Image[], imageName: string): void {
  refuseIf(
    refusalFor('image.capture', {
      isProtected: isNameProtected(images, imageName),
      capturesOfThatName: 0,
    }),
    `capturing to the image "${imageName}"`,
  );
}

/** Throws `not-allowed` when an unfinished capture will make a version of `image`, or an image called `name`. */
export function refuseRename(tasks: readonly Task[], image: Image, name: string): void {
  if (isSameName(image.name, name)) return;
  const ofOldName = unfinishedCaptures(tasks, image.name, Date.now());
  const ofNewName = unfinishedCaptures(tasks, name, Date.now());
  refuseIf(
    refusalFor('image.rename', {
      capturesOfOldName: ofOldName.length,
      capturesOfNewName: ofNewName.length,
    }),
    `renaming the image "${image.name}" to "${name}"`,
    hintOf([...ofNewName, ...ofOldName]),
  );
}

/** Throws `not-allowed` while a version of `image` is being captured; a capture that waits will be refused. */
export function refuseProtection(tasks: readonly Task[], image: Image): void {
  const begun = unfinishedCaptures(tasks, image.name, Date.now()).filter(
    ({ hasBegun }) => hasBegun,
  );
  refuseIf(
    refusalFor('image.protect', { begunCaptures: begun.length }),
    `protecting the image "${image.name}"`,
    hintOf(begun),
  );
}

function hintOf(captures: readonly UnfinishedCapture[]): string | undefined {
  const [first] = captures;
  if (first === undefined) return undefined;
  return `It is the task "${render('en', first.task.title)}" (openclone task show ${first.task.id}).`;
}
