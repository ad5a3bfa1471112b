/** Operators' calls about tasks: making, showing and cancelling them. */

import { selectDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import type { Host } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Image, ImageVersion } from '../../lib/model/image.ts';
import type { ExpectedDisk } from '../../lib/model/operations/assignment.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import type { Settings } from '../../lib/model/settings.ts';
import { isEnded, type Task } from '../../lib/model/task.ts';
import { runFacts } from '../../lib/rules/run-resumption.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import { newRunId, newTaskId } from '../ids.ts';
import { findHost, findImage, findTask, refuseUnless } from '../lookup.ts';
import { isSameName } from '../../lib/rules/same-name.ts';
import { transmissionProgress } from '../sessions/transmission-progress.ts';
import type { StoreData } from '../store/schema.ts';
import { hasEnded, surplusTasks } from '../store/surplus-tasks.ts';
import { refuseCapture } from '../tasks/captures.ts';
import { newRun } from '../tasks/new-run.ts';
import { waitsFrom } from '../tasks/waiting.ts';
import { targetWords } from '../tasks/target-words.ts';
import { composeOperations, SHUTDOWN_WORDS } from './composed-task.ts';
import { fittingTasks } from './answer-size.ts';
import type { ApiContext } from './context.ts';
import { compareNames } from './hosts.ts';
import { newestVersion } from './images.ts';
import { hostNamesOf } from './status.ts';
import { refuseWrongDisk } from './wrong-disk.ts';

type TaskMethods =
  | 'task.list'
  | 'task.show'
  | 'task.cancel'
  | 'task.putAway'
  | 'task.capture'
  | 'task.deploy'
  | 'task.partition'
  | 'task.create'
  | 'task.shutdown'
  | 'session.start';

export function taskHandlers(context: ApiContext): Pick<Handlers<OperatorMethods>, TaskMethods> {
  const { store, work, sessions, live, waker } = context;
  const create = async (plan: (data: StoreData) => TaskPlan): Promise<Task> => {
    const surplus = surplusTasks(store.read().tasks, store);
    const task = await store.change((data) => {
      const made = makeTask(plan(data), data.settings, context.operator());
      // One of them may have been begun again meanwhile.
      const kept = data.tasks.filter((old) => !surplus.has(old.id) || !hasEnded(old));
      data.tasks = [...kept, made];
      return made;
    });
    work.notifyHosts(task);
    // The boot files come first: who wakes too early boots its disk.
    if (task.wake) waker.wake(hostsOf(store.read(), task));
    return task;
  };
  return {
    'task.list': async ({ limit }) =>
      Promise.resolve(fittingTasks(store.read().tasks.slice(-limit).toReversed())),
    'task.show': async ({ task: id }) => {
      const task = findTask(store.read().tasks, id);
      const runs = new Set(task.runs.map((run) => run.id));
      return Promise.resolve({
        task,
        hostNames: hostNamesOf(store.read().hosts, [task]),
        progress: transmissionProgress(live.progress, sessions.views, [task]).filter(({ runId }) =>
          runs.has(runId),
        ),
      });
    },
    'task.cancel': async ({ task: id, host }) => {
      const { tasks, hosts } = store.read();
      const task = findTask(tasks, id);
      const hostId = host === null ? null : findHost(hosts, host).id;
      const runs = task.runs.filter(
        (run) =>
          (hostId === null || run.hostId === hostId) &&
          refusalFor('run.cancel', runFacts(run, Date.now())) === null,
      );
      if (runs.length === 0) refuseUnless('the run has already ended', `cancelling ${task.title}`);
      const operator = context.operator();
      await Promise.all(runs.map((run) => work.cancel(run.id, operator)));
      return { cancelled: runs.map((run) => run.id) };
    },
    'task.putAway': async ({ task: id }) =>
      store.change((data) => {
        const task = findTask(data.tasks, id);
        refuseUnless(
          refusalFor('task.putAway', {
            unfinishedRuns: task.runs.filter((run) => !isEnded(run.state)).length,
          }),
          `putting ${task.title} away`,
        );
        // Who was first stays named.
        task.putAway ??= { by: context.operator(), at: new Date().toISOString() };
        return task;
      }),
    'task.capture': async ({
      host: reference,
      disk,
      imageName,
      compression,
      afterwards,
      wake,
      waitMs,
    }) =>
      create((data) => {
        const host = findHost(data.hosts, reference);
        refuseCapture(data, imageName, `capturing ${host.name} to the image "${imageName}"`);
        return {
          title: `capture ${host.name} to ${imageName}`,
          hosts: [host],
          operations: [{ type: 'capture', disk, imageName, compression }],
          afterwards,
          wake,
          waitMs,
        };
      }),
    'task.deploy': async ({
      image: reference,
      targets,
      disk,
      transport,
      gatherMs,
      afterwards,
      wake,
      waitMs,
    }) =>
      create((data) => {
        const { image, version } = chosenImage(data.images, reference, 'deploying');
        return {
          title: `deploy ${image.name} to ${targetWords(data, targets)}`,
          hosts: resolveTargets(data, targets),
          operations: [
            {
              type: 'deploy',
              disk,
              imageId: image.id,
              versionId: version.id,
              transport,
              gatherMs,
            },
          ],
          afterwards,
          wake,
          waitMs,
        };
      }),
    'task.partition': async ({ image: reference, targets, disk, afterwards, wake, waitMs }) =>
      create((data) => {
        const { image, version } = chosenImage(
          data.images,
          reference,
          'taking the partition table of',
        );
        return {
          title: `partition ${targetWords(data, targets)} like ${image.name}`,
          hosts: resolveTargets(data, targets),
          operations: [{ type: 'partition', disk, imageId: image.id, versionId: version.id }],
          afterwards,
          wake,
          waitMs,
        };
      }),
    'task.create': async ({ targets, disk, operations, wake, waitMs }) =>
      create((data) => {
        const hosts = resolveTargets(data, targets);
        const made = composeOperations(data, { disk, operations, hosts });
        return {
          title: `${made.words.join(', ')}: ${targetWords(data, targets)}`,
          hosts,
          operations: made.operations,
          afterwards: null,
          wake,
          waitMs,
        };
      }),
    'task.shutdown': async ({ targets, mode, waitMs }) =>
      create((data) => ({
        title: `${SHUTDOWN_WORDS[mode]} ${targetWords(data, targets)}`,
        hosts: resolveTargets(data, targets),
        operations: [{ type: 'shutdown', mode }],
        afterwards: null,
        waitMs,
      })),
    'session.start': async ({ session }) => {
      sessions.startNow(session);
      return Promise.resolve({});
    },
  };
}

const HOUR_MS = 3_600_000;

type TaskPlan = {
  readonly title: string;
  readonly hosts: readonly Host[];
  readonly operations: readonly Operation[];
  readonly afterwards: ShutdownMode | null;
  readonly wake?: boolean | undefined;
  readonly waitMs?: number | undefined;
};

function makeTask(plan: TaskPlan, settings: Settings, operator: string): Task {
  for (const { name, approval } of plan.hosts) {
    refuseUnless(refusalFor('host.work', { approval }), `giving work to ${name}`);
  }
  refuseWrongDisk(plan.hosts, plan.operations);
  const id = newTaskId();
  const now = Date.now();
  const last: Operation[] =
    plan.afterwards === null ? [] : [{ type: 'shutdown', mode: plan.afterwards }];
  return {
    id,
    title: plan.title.slice(0, 256),
    createdAt: new Date(now).toISOString(),
    createdBy: operator,
    operations: [...plan.operations, ...last],
    wake: plan.wake ?? false,
    waits: waitsFrom(now, plan.waitMs ?? settings.waitHours * HOUR_MS),
    runs: plan.hosts.map((host) =>
      newRun({
        ...{ id: newRunId(), taskId: id, hostId: host.id },
        expectedDisk: expectedDisk(host, plan.operations),
      }),
    ),
  };
}

/**
 * What the host has said of the disk that the task is about: another one in its place shall be refused. Undefined
 * when the server does not know the disk; then the engine decides by the selector alone.
 */
function expectedDisk(host: Host, operations: readonly Operation[]): ExpectedDisk | undefined {
  const selector = operations.flatMap((each) => ('disk' in each ? [each.disk] : []))[0];
  if (selector === undefined || host.systemInfo === null) return undefined;
  try {
    const { serial, wwn, sizeBytes, model } = selectDisk(host.systemInfo.disks, selector);
    return { serial, wwn, sizeBytes, model };
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}

function hostsOf({ hosts }: StoreData, task: Task): Host[] {
  const wanted = new Set(task.runs.map(({ hostId }) => hostId));
  return hosts.filter(({ id }) => wanted.has(id));
}

/** Hosts and the hosts of groups, each once; a host's name goes before a group's. */
export function resolveTargets(data: StoreData, targets: readonly string[]): Host[] {
  const chosen = new Map<HostId, Host>();
  for (const target of targets) {
    for (const host of resolveTarget(data, target)) chosen.set(host.id, host);
  }
  return [...chosen.values()].toSorted((one, other) => compareNames(one.name, other.name));
}

function resolveTarget(data: StoreData, target: string): Host[] {
  const group = data.groups.find(
    (candidate) => isSameName(candidate.name, target) || candidate.id === target,
  );
  let host: Host | undefined;
  try {
    host = findHost(data.hosts, target);
  } catch (error) {
    if (group === undefined) throw targetError(data, target, error);
  }
  if (host !== undefined && group !== undefined) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `finding the target "${target}": a host and a group have that name`,
      hint: `Name the host by its MAC address ${host.mac}, or rename the group.`,
    });
  }
  if (host !== undefined) return [host];
  const members = data.hosts.filter((member) => member.groupId === group?.id);
  refuseUnless(
    refusalFor('group.deploy', { hosts: members.length }),
    `choosing the hosts of "${target}"`,
  );
  return members;
}

function targetError(data: StoreData, target: string, error: unknown): unknown {
  if (!(error instanceof OperatorError) || error.code !== 'not-found') return error;
  const groups = data.groups.map((group) => group.name).join(', ');
  return new OperatorError({
    code: 'not-found',
    message: `finding the target "${target}": there is no host and no group of that name`,
    hint: `\`openclone host list\` shows the hosts; groups: ${groups === '' ? 'none' : groups}.`,
  });
}

function chosenImage(
  images: readonly Image[],
  reference: string,
  doing: string,
): { image: Image; version: ImageVersion } {
  const image = findImage(images, reference);
  return { image, version: newestVersion(image, doing) };
}
