/** What a change of the store means to operators: pure, from what was and what is. */

import type { Host } from '../lib/model/host.ts';
import type { Image } from '../lib/model/image.ts';
import type { LogEvent, Some } from '../lib/model/log-entry.ts';
import { isEnded, isSuccess, taskState, type Run, type Task } from '../lib/model/task.ts';
import type { StoreData } from './store/schema.ts';

const MOST_NAMES = 5;

/** Records are never changed in place: what is the same object is unchanged. */
export function storeEvents(before: StoreData, after: StoreData): LogEvent[] {
  return [
    ...(before.hosts === after.hosts ? [] : hostEvents(before.hosts, after.hosts)),
    ...(before.tasks === after.tasks ? [] : taskEvents(before.tasks, after)),
    ...(before.images === after.images ? [] : imageEvents(before.images, after.images)),
  ];
}

function hostEvents(before: readonly Host[], after: readonly Host[]): LogEvent[] {
  const earlier = new Map(before.map((host) => [host.id, host]));
  const registered: Host[] = [];
  const pending: Host[] = [];
  const approved: Host[] = [];
  for (const host of after) {
    const was = earlier.get(host.id);
    earlier.delete(host.id);
    if (was === host) continue;
    if (was === undefined) (host.approval === 'pending' ? pending : registered).push(host);
    else if (was.approval !== host.approval) approved.push(host);
  }
  const gone = [...earlier.values()];
  return [
    ...about(registered, (hosts) => ({ type: 'hosts-registered', hosts, isPending: false })),
    ...about(pending, (hosts) => ({ type: 'hosts-registered', hosts, isPending: true })),
    ...about(approved, (hosts) => ({ type: 'hosts-approved', hosts })),
    ...about(gone, (hosts) => ({ type: 'hosts-deleted', hosts })),
  ];
}

function taskEvents(before: readonly Task[], { tasks, hosts }: StoreData): LogEvent[] {
  const earlier = new Map(before.map((task) => [task.id, task]));
  return tasks.flatMap((task): LogEvent[] => {
    const was = earlier.get(task.id);
    if (was === task) return [];
    const { title, createdBy, runs } = task;
    const outcome = taskState(task);
    const hasEnded = isEnded(outcome) && (was === undefined || taskState(was) !== outcome);
    return [
      ...(was === undefined ? [{ type: 'task-created' as const, task: title, by: createdBy }] : []),
      ...failures(was?.runs ?? [], task, hosts),
      ...attempts('restarts', 'runs-begun-again', was?.runs ?? [], task, hosts),
      ...attempts('missedSessions', 'sessions-missed', was?.runs ?? [], task, hosts),
      ...(hasEnded && outcome !== 'waiting' && outcome !== 'running'
        ? [
            {
              type: 'task-ended' as const,
              task: title,
              outcome,
              runs: runs.length,
              good: runs.filter(({ state }) => isSuccess(state)).length,
            },
          ]
        : []),
    ];
  });
}

/** The runs that have failed since; one that was interrupted and failed then has been told of. */
function failures(was: readonly Run[], { title, runs }: Task, hosts: readonly Host[]): LogEvent[] {
  const states = new Map(was.map(({ id, state }) => [id, state]));
  const failed = runs.filter(({ id, state }) => hasFailed(state) && !hasFailed(states.get(id)));
  const [first] = failed;
  if (first === undefined) return [];
  const some = hostsOf(failed, hosts);
  return [{ type: 'runs-failed', task: title, hosts: some, error: first.error?.message ?? null }];
}

/** The runs that have more of `count` since: they do their work again. */
function attempts(
  count: 'restarts' | 'missedSessions',
  type: 'runs-begun-again' | 'sessions-missed',
  was: readonly Run[],
  { title, runs }: Task,
  hosts: readonly Host[],
): LogEvent[] {
  const earlier = new Map(was.map((run) => [run.id, run[count]]));
  const again = runs.filter((run) => run[count] > (earlier.get(run.id) ?? 0));
  return again.length === 0 ? [] : [{ type, task: title, hosts: hostsOf(again, hosts) }];
}

function hasFailed(state: Run['state'] | undefined): boolean {
  return state === 'failed' || state === 'interrupted';
}

function imageEvents(before: StoreData['images'], after: StoreData['images']): LogEvent[] {
  const earlier = new Map(before.map((image) => [image.id, image]));
  const told = after.flatMap((image): LogEvent[] => {
    const was = earlier.get(image.id);
    earlier.delete(image.id);
    return was === image ? [] : changesOf(was, image);
  });
  const gone = [...earlier.values()];
  return [...told, ...gone.map(({ name }) => ({ type: 'image-deleted' as const, image: name }))];
}

/** The newest version is the first one; old ones that go are no news. */
function changesOf(was: Image | undefined, { name, isProtected, versions }: Image): LogEvent[] {
  const [newest] = versions;
  const hasNew =
    newest !== undefined && was?.versions.every(({ id }) => id !== newest.id) !== false;
  const isChanged = was !== undefined && was.isProtected !== isProtected;
  return [
    ...(was === undefined || was.name === name
      ? []
      : [{ type: 'image-renamed' as const, from: was.name, image: name }]),
    ...(isChanged ? [{ type: 'image-protected' as const, image: name, isProtected }] : []),
    ...(hasNew ? [{ type: 'image-captured' as const, image: name }] : []),
  ];
}

function hostsOf(runs: readonly Run[], hosts: readonly Host[]): Some {
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  return someOf(runs.map(({ hostId }) => names.get(hostId) ?? hostId));
}

function about(hosts: readonly Host[], eventOf: (some: Some) => LogEvent): LogEvent[] {
  return hosts.length === 0 ? [] : [eventOf(someOf(hosts.map(({ name }) => name)))];
}

function someOf(names: readonly string[]): Some {
  return { names: names.slice(0, MOST_NAMES), count: names.length };
}
