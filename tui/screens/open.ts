/** How screens are opened from others: with which state, and what is read for them at the same time. */

import type { HostView } from '../../lib/model/host.ts';
import type { GroupId, HostId, ImageId } from '../../lib/model/ids.ts';
import type { Image } from '../../lib/model/image.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import { push, request } from '../actions.ts';
import { TOP } from '../values/selection.ts';
import type { Model } from '../model.ts';
import { ALL_UNMARKED, NONE_MARKED } from '../values/host-list-state.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import { textsOf } from '../text/catalogue.ts';
import type { Action, Screen, TaskPlan } from '../screen-states.ts';

export const FIRST_SCREEN: Screen = { name: 'overview', state: { selection: TOP } };

/** The hosts of a group as tiles; null: those that are in none. */
export function openGroup(groupId: GroupId | null): Action {
  return push('group', { groupId, selection: TOP, marked: NONE_MARKED });
}

/** How many of the last tasks are searched for those of a host. */
const TASKS_OF_HOST = 100;

/** The page of `host`; all that it says of itself and its tasks are read. */
export function openHost(host: HostView, model: Model): readonly Action[] {
  const title = textsOf(model.language).tasks.readingTasks;
  return [
    push('host', { hostId: host.id, read: [], first: 0 }),
    request(title, 'task.list', { limit: TASKS_OF_HOST }),
    readHost(host.id, model),
  ];
}

export function readHost(host: HostId, { language }: Pick<Model, 'language'>): Action {
  return request(textsOf(language).common.reading, 'host.show', { host });
}

/** Enough for a day; a task of thirty hosts is some 150 kB. */
const FIRST_LIMIT = 40;

/** The list of tasks, and the reading of what the server does not push. */
export function openTasks(model: Model): readonly Action[] {
  return [
    push('tasks', { selection: TOP, read: [], limit: FIRST_LIMIT }),
    readTasks(FIRST_LIMIT, model),
  ];
}

export function readTasks(limit: number, model: Model): Action {
  return request(textsOf(model.language).tasks.readingTasks, 'task.list', { limit });
}

/** The page of `task`, which is read: the server may not push it any more. */
export function openTask(task: Task, model: Model): readonly Action[] {
  const { readingTask } = textsOf(model.language).tasks;
  return [
    push('task', { taskId: task.id, read: { task, hostNames: {} }, selection: TOP }),
    request(readingTask(taskTitle(task, model)), 'task.show', { task: task.id }),
  ];
}

/** The newest multicast session of `task`, also when it is over. */
export function openSession(task: Task): readonly Action[] {
  const read = { task, hostNames: {} };
  return [push('session', { taskId: task.id, sessionId: null, read, selection: TOP })];
}

/** The log of `run`. */
export function openLog(run: Run, hostName: string, model: Model): readonly Action[] {
  return [push('log', { run, hostName, read: null, first: null }), readLog(run, hostName, model)];
}

export function readLog(run: Run, hostName: string, model: Model): Action {
  const title = textsOf(model.language).tasks.readingLog(hostName);
  return request(title, 'run.log', { task: run.taskId, host: run.hostId });
}

/** What happened on the server; from the first time on it tells what is added. */
export function openEvents(model: Model): readonly Action[] {
  // Without a connection it is read with the next one.
  const isRead = model.log !== null || model.connection.type !== 'online';
  return [
    push('events', { selection: TOP, isOnlyBad: false }),
    ...(isRead ? [] : [watchLog(model.language)]),
  ];
}

/** Reads what there is in the log, and has the server tell what is added. */
export function watchLog(language: Model['language']): Extract<Action, { type: 'request' }> {
  return request(textsOf(language).events.reading, 'log.watch', {});
}

export function openSettings(model: Model): readonly Action[] {
  // Without a connection they are read with the next one.
  const isOnline = model.connection.type === 'online';
  return [
    push('settings', { operators: null, selection: TOP }),
    ...(isOnline ? readSettings(model) : []),
  ];
}

export function readSettings(model: Model): readonly Action[] {
  const { reading } = textsOf(model.language).settings;
  return [request(reading, 'settings.get', {}), readOperators(model)];
}

/** Reads who has an account. */
export function readOperators(model: Model): Action {
  return request(textsOf(model.language).settings.reading, 'operator.list', {});
}

/** The page of `image`. */
export function openImage(image: Image, { language }: Model): readonly Action[] {
  const { reading } = textsOf(language).images;
  return [
    push('image', { imageId: image.id, details: null, first: 0 }),
    request(reading(image.name), 'image.show', { image: image.id }),
  ];
}

type Known = { readonly imageId?: ImageId; readonly hostIds?: readonly HostId[] };

/** The wizard, at the first step that `known` leaves open. */
export function openDeploy({ imageId, hostIds }: Known = {}): readonly Action[] {
  if (imageId === undefined) {
    return [push('deploy-image', { hostIds: hostIds ?? null, selection: TOP })];
  }
  if (hostIds === undefined) return [push('deploy-targets', { ...ALL_UNMARKED, imageId })];
  return [push('deploy-disk', { targets: { imageId, hostIds }, selection: TOP })];
}

/** The wizard; with `host` it begins at that host's disks. */
export function openCapture(model: Model, host: HostView | null = null): readonly Action[] {
  return host === null
    ? [push('capture-host', { selection: TOP })]
    : openCaptureDisk(host.id, model);
}

/** The disks of the host; their partitions are read. */
export function openCaptureDisk(hostId: HostId, model: Model): readonly Action[] {
  return [push('capture-disk', { hostId, selection: TOP }), readHost(hostId, model)];
}

/** The editor of a new task; without `hostIds` it asks for the hosts first. */
export function openNewTask(hostIds: readonly HostId[] | null = null): readonly Action[] {
  return hostIds === null
    ? [push('task-hosts', ALL_UNMARKED)]
    : [push('task-editor', { plan: newPlan(hostIds), selection: TOP })];
}

export function newPlan(hostIds: readonly HostId[]): TaskPlan {
  return { hostIds, disk: { type: 'only' }, operations: [], wake: false, until: null };
}
