/** Which hosts capture now: asked several times for each message of every engine. */

import type { HostId } from '../../lib/model/ids.ts';
import type { Task } from '../../lib/model/task.ts';

/** Of lists of tasks in the store, which are never changed in place. */
const found = new WeakMap<readonly Task[], ReadonlySet<HostId>>();

/** Whether the host is at a capture, by the `tasks` of the store: their runs are looked through once. */
export function isCapturing(tasks: readonly Task[], hostId: HostId): boolean {
  const known = found.get(tasks);
  if (known !== undefined) return known.has(hostId);
  const hosts = capturingHosts(tasks);
  found.set(tasks, hosts);
  return hosts.has(hostId);
}

function capturingHosts(tasks: readonly Task[]): Set<HostId> {
  const hosts = new Set<HostId>();
  for (const { operations, runs } of tasks) {
    if (!operations.some(({ type }) => type === 'capture')) continue;
    for (const { hostId, state, operationIndex } of runs) {
      if (state === 'running' && operations[operationIndex]?.type === 'capture') hosts.add(hostId);
    }
  }
  return hosts;
}
