/** What a host is doing: as the server says it of each, and as operators see it. */

import type { HostState, HostView } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Task } from '../model/task.ts';

/** Who is not connected is off, whatever its run says. */
export function hostState(host: {
  readonly isConnected: boolean;
  readonly isWorking: boolean;
}): HostState {
  if (!host.isConnected) return 'off';
  return host.isWorking ? 'working' : 'idle';
}

/** Hosts with a run that is under way; all at once, so that the tasks are gone through once. */
export function workingHosts(tasks: readonly Pick<Task, 'runs'>[]): Set<HostId> {
  return new Set(
    tasks.flatMap(({ runs }) =>
      runs.filter((run) => run.state === 'running').map((run) => run.hostId),
    ),
  );
}

/** Whether a host is on; in the order of a legend. */
export const POWERS = ['working', 'ready', 'waking', 'off'] as const;
export type Power = (typeof POWERS)[number];

/** `isWaking`: packets are sent to it, and it has not been given up. */
export function powerOf({ state }: Pick<HostView, 'state'>, isWaking: boolean): Power {
  switch (state) {
    case 'working':
      return 'working';
    case 'idle':
      return 'ready';
    case 'off':
      return isWaking ? 'waking' : 'off';
  }
}

/** In the order of a legend. */
export const CONDITIONS = [...POWERS, 'pending'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Whether it may work at all goes before whether it is on. */
export function conditionOf(
  host: Pick<HostView, 'state' | 'approval'>,
  isWaking: boolean,
): Condition {
  return host.approval === 'pending' ? 'pending' : powerOf(host, isWaking);
}
