/** Which ended tasks the store has no room for: it must not grow until no report fits into it any more. */

import type { TaskId } from '../../lib/model/ids.ts';
import { isEnded, type Task } from '../../lib/model/task.ts';
import type { Bytes } from '../../lib/units.ts';

/** Ended tasks that are kept at most, however small. */
const KEEP_ENDED_TASKS = 1000;

/** How large the store's file is and may be, and what a record takes in it. */
export type StoreRoom = {
  readonly sizeBytes: Bytes;
  readonly maxBytes: Bytes;
  bytesOf(record: object): Bytes;
};

/**
 * The oldest ended tasks that have to go so that the file has at most half of what it may have. An eighth is theirs
 * whatever else is there: who has a great many hosts still sees what his last tasks came to.
 */
export function surplusTasks(tasks: readonly Task[], room: StoreRoom): Set<TaskId> {
  const ended = tasks.filter(hasEnded);
  const endedBytes = ended.reduce((sum, task) => sum + room.bytesOf(task), 0);
  const othersBytes = Math.max(0, room.sizeBytes - endedBytes);
  let leftBytes = Math.max(room.maxBytes / 8, room.maxBytes / 2 - othersBytes);
  const newestFirst = ended.toReversed();
  const firstToGo = newestFirst.findIndex((task, index) => {
    leftBytes -= room.bytesOf(task);
    return index >= KEEP_ENDED_TASKS || leftBytes < 0;
  });
  return new Set(firstToGo === -1 ? [] : newestFirst.slice(firstToGo).map(({ id }) => id));
}

export function hasEnded({ runs }: Pick<Task, 'runs'>): boolean {
  return runs.every(({ state }) => isEnded(state));
}
