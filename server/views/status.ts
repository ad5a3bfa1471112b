/** The status as operators see it: the server itself, tasks, progress and sessions. */

import { cpus, freemem, hostname, loadavg, release, totalmem } from 'node:os';
import type { Host, HostState } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { isEnded, type Task } from '../../lib/model/task.ts';
import { hostState, workingHosts } from '../../lib/rules/host-condition.ts';
import { resumableRuns } from '../../lib/rules/run-resumption.ts';
import type { ServerInfo, Status } from '../../lib/model/status.ts';
import type { Greeting } from '../../lib/protocol/operator-api/login.ts';
import { PROGRAM_VERSION, OPERATOR_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import { transmissionProgress } from '../sessions/transmission-progress.ts';
import { fittingTasks } from './answer-size.ts';
import type { ViewContext } from './context.ts';
import { storageProblems } from './storage-problems.ts';

/** How many ended tasks a status shows besides all that are under way. */
const RECENT_TASKS = 20;

/** What everybody who can connect may know. */
export function greeting(): Omit<Greeting, 'isLoginNeeded'> {
  return {
    programVersion: PROGRAM_VERSION,
    protocolVersion: OPERATOR_PROTOCOL_VERSION,
    hostname: hostname(),
  };
}

export async function serverInfo({ images, startedAt }: ViewContext): Promise<ServerInfo> {
  const processors = cpus();
  return {
    programVersion: PROGRAM_VERSION,
    protocolVersion: OPERATOR_PROTOCOL_VERSION,
    hostname: hostname(),
    startedAt,
    kernel: release(),
    processor: processors[0]?.model ?? 'unknown',
    processorCount: processors.length,
    loadAverage: loadavg(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    imageStore: await images.space(),
  };
}

export async function currentStatus(context: ViewContext): Promise<Status> {
  const { store, connected, wakeScheduler, bootFiles } = context;
  const server = await serverInfo(context);
  const { hosts, tasks } = store.read();
  const working = workingHosts(tasks);
  // One that waits for approval is neither ready nor just off: nothing can be done with it.
  const approved = hosts.filter((host) => host.approval === 'approved');
  const online = connected.hosts;
  const states = approved.map(({ id }) =>
    hostState({ isConnected: online.has(id), isWorking: working.has(id) }),
  );
  const count = (wanted: HostState): number => states.filter((state) => state === wanted).length;
  const shown = fittingTasks(shownTasks(tasks));
  const sessions = context.sessions.views;
  return {
    server,
    hosts: {
      total: hosts.length,
      idle: count('idle'),
      working: count('working'),
      off: count('off'),
      pending: hosts.length - approved.length,
    },
    boot: bootFiles === null ? null : { build: bootFiles.build },
    problems: [...(bootFiles?.problems ?? []), ...(await storageProblems(context))],
    tasks: shown,
    hostNames: hostNamesOf(hosts, shown),
    progress: transmissionProgress(connected.progress, sessions, shown),
    sessions,
    wakes: wakeScheduler.wakes,
  };
}

/** The names of the hosts that the tasks' runs are on; deleted hosts are missing. */
export function hostNamesOf(
  hosts: readonly Host[],
  tasks: readonly Task[],
): Record<HostId, string> {
  const wanted = new Set(tasks.flatMap((task) => task.runs.map((run) => run.hostId)));
  const names: Record<HostId, string> = {};
  for (const host of hosts) {
    if (wanted.has(host.id)) names[host.id] = host.name;
  }
  return names;
}

/** All that have not ended, or may go on by themselves when their hosts come back; then the newest of the others. */
function shownTasks(tasks: readonly Task[]): Task[] {
  const newestFirst = tasks.toReversed();
  const resumable = resumableRuns(tasks, Date.now());
  const underWay = newestFirst.filter((task) =>
    task.runs.some(({ id, state }) => !isEnded(state) || resumable.has(id)),
  );
  const ended = newestFirst.filter((task) => !underWay.includes(task)).slice(0, RECENT_TASKS);
  return [...underWay, ...ended];
}
