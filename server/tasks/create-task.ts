/** Making a task: of a request of an operator, a stored job or a plugin, checked against what the server knows. */

import { selectDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Host } from '../../lib/model/host.ts';
import type { ExpectedDisk } from '../../lib/model/operations/assignment.ts';
import { traitsOf } from '../../lib/model/operation.ts';
import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { Task } from '../../lib/model/task.ts';
import type { TaskRequest } from '../../lib/model/task-request.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import { waitsForHost } from '../../lib/rules/next-place.ts';
import { resolveTargets } from '../resolve-targets.ts';
import { newRunId, newTaskId } from '../ids.ts';
import { refuseIf } from '../lookup.ts';
import type { StoreOfCalls } from '../store/operator-store.ts';
import type { StoreData } from '../store/schema.ts';
import { noteOutcomes } from '../store/job-starts.ts';
import { hasEnded, surplusTasks } from '../store/surplus-tasks.ts';
import { newRun } from './new-run.ts';
import { resolveOperation } from './operations/table.ts';
import { taskTitle } from './task-title.ts';
import { waitsFrom } from '../../lib/rules/waiting.ts';
import type { Work } from './work.ts';
import { refuseWrongDisk } from './wrong-disk.ts';
import type { WakeScheduler } from '../wake/wake-scheduler.ts';

const HOUR_MS = 3_600_000;

export type TaskMaking = {
  readonly store: StoreOfCalls;
  readonly work: Pick<Work, 'notifyHosts'>;
  readonly wakeScheduler: Pick<WakeScheduler, 'wake'>;
};

/**
 * Makes the task, stores it, and has its hosts begin: those that are there are told, the others are woken if the request
 * says so, as soon as something is to be done on them. Throws as makeTask does.
 */
export async function createTask(
  making: TaskMaking,
  request: TaskRequest,
  createdBy: string,
): Promise<Task> {
  const keep = taskKeeper(making.store);
  const task = await making.store.change((data) => {
    const made = makeTask(data, request, { createdBy, now: Date.now() });
    keep(data, made);
    return made;
  });
  announceTask(making, task);
  return task;
}

/** Adds a task to the store, from which the oldest ended ones go when there are too many. */
export function taskKeeper(store: StoreOfCalls): (data: StoreData, task: Task) => void {
  const surplus = surplusTasks(store.read().tasks, store);
  return (data, task) => {
    // Their outcomes are in the history of the jobs that made them.
    noteOutcomes(data);
    // One of them may have been begun again meanwhile.
    const kept = data.tasks.filter((old) => !surplus.has(old.id) || !hasEnded(old));
    data.tasks = [...kept, task];
  };
}

/** Has the hosts of a task that is stored begin. */
export function announceTask({ store, work, wakeScheduler }: TaskMaking, task: Task): void {
  work.notifyHosts(task);
  // The boot files are written by now: a host that is woken before would boot its disk.
  if (task.wake) wakeScheduler.wake(hostsWaitedFor(store.read(), task));
}

/**
 * The task that `request` asks for at `now` (milliseconds since 1970). Throws `not-found` for hosts and images that are
 * not there, `not-allowed` for what may not be done in this state, `disk-not-found` and `disk-ambiguous`.
 */
export function makeTask(
  data: StoreData,
  request: TaskRequest,
  { createdBy, now }: { readonly createdBy: string; readonly now: number },
): Task {
  const { targets, disk, wake, waitMs } = request;
  const hosts = resolveTargets(data, targets);
  const types = request.operations.map(({ type }) => type);
  refuseIf(
    refusalFor('task.create', { hosts: hosts.length, operations: types }),
    `making a task of ${types.join(', ')}`,
  );
  const operations = request.operations.map((wanted) =>
    resolveOperation({ data, disk, hosts }, wanted),
  );
  for (const { name, approval } of hosts) {
    refuseIf(refusalFor('host.work', { approval }), `giving work to ${name}`);
  }
  refuseWrongDisk(hosts, operations);
  const id = newTaskId();
  const usesDisk = operations.some((operation) => traitsOf(operation).usesDisk);
  return {
    id,
    title: taskTitle(data, operations, { targets, hosts }),
    createdAt: new Date(now).toISOString(),
    createdBy,
    operations,
    wake: wake ?? false,
    waits: waitsFrom(now, waitMs ?? data.settings.waitHours * HOUR_MS),
    runs: hosts.map((host) =>
      newRun({
        id: newRunId(),
        taskId: id,
        hostId: host.id,
        expectedDisk: usesDisk ? expectedDisk(host, disk) : undefined,
      }),
    ),
  };
}

/**
 * What the host has said of the disk that the task is about: another one in its place is refused later. Undefined
 * when the server does not know the disk; then the engine decides by the selector alone.
 */
function expectedDisk({ systemInfo }: Host, selector: DiskSelector): ExpectedDisk | undefined {
  if (systemInfo === null) return undefined;
  try {
    const { serial, wwn, sizeBytes, model } = selectDisk(systemInfo.disks, selector);
    return { serial, wwn, sizeBytes, model };
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}

function hostsWaitedFor({ hosts }: StoreData, task: Task): Host[] {
  const wanted = new Set(
    task.runs.filter((run) => waitsForHost(run, task)).map(({ hostId }) => hostId),
  );
  return hosts.filter(({ id }) => wanted.has(id));
}
