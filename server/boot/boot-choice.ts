/** What each host boots when it is switched on: decided from the store alone (docs/design/netboot.md). */

import type { Host } from '../../lib/model/host.ts';
import type { HostId, RunId } from '../../lib/model/ids.ts';
import type { MacAddress } from '../../lib/model/names.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import type { StoreData } from '../store/schema.ts';
import { runsToBeginAgain } from '../tasks/begin-again.ts';

/** `debug`: with a shell on the host's own console. */
export type BootChoice = 'disk' | 'engine' | 'engine-debug';

export type BootChoices = {
  /** Hosts with a choice of their own, by each of their MAC addresses. */
  readonly byMac: ReadonlyMap<MacAddress, BootChoice>;
  /** What everybody else boots. */
  readonly others: BootChoice;
};

/**
 * `isServing` is false when the server stops: then nobody who is unknown is to be taken in. `now` is milliseconds since
 * 1970: hosts that were cut off are waited for only so long.
 */
export function bootChoices(
  { hosts, tasks, settings }: StoreData,
  {
    hasBuild,
    isServing,
    now,
  }: { readonly hasBuild: boolean; readonly isServing: boolean; readonly now: number },
): BootChoices {
  // An engine that cannot be loaded is worse than the disk.
  if (!hasBuild) return { byMac: new Map(), others: 'disk' };
  const others = settings.automaticRegistration && isServing ? 'engine' : 'disk';
  const withWork = hostsWithWork(tasks, isServing ? now : null);
  const byMac = new Map<MacAddress, BootChoice>();
  const add = (mac: MacAddress, choice: BootChoice): void => {
    // Who is known boots the disk where unknown hosts get the engine; elsewhere no file is needed for that.
    if (choice !== 'disk' || settings.automaticRegistration) byMac.set(mac, choice);
  };
  const own = new Set(hosts.map(({ mac }) => mac));
  for (const host of hosts) {
    const choice = choiceOf(host, withWork);
    add(host.mac, choice);
    for (const { mac } of host.systemInfo?.interfaces ?? []) {
      // An adapter that is carried about belongs to the host that is known by it.
      if (!own.has(mac) && !(choice === 'disk' && byMac.has(mac))) add(mac, choice);
    }
  }
  return { byMac, others };
}

function choiceOf(host: Host, withWork: ReadonlySet<HostId>): BootChoice {
  const needsEngine =
    host.approval === 'approved' && (withWork.has(host.id) || host.halfWritten !== null);
  if (!needsEngine) return 'disk';
  return host.debugShell ? 'engine-debug' : 'engine';
}

/** `now` null: nobody takes the files back when the time is over, so what was cut off does not count. */
function hostsWithWork(tasks: readonly Task[], now: number | null): Set<HostId> {
  const hosts = new Set<HostId>();
  const again = now === null ? new Set<RunId>() : runsToBeginAgain(tasks, now);
  for (const task of tasks) {
    for (const run of task.runs) {
      if (again.has(run.id) || needsEngine(run, task)) hosts.add(run.hostId);
    }
  }
  return hosts;
}

/**
 * A run under way of which only shutdowns are left wants no other start of the engine: after a deploy, the reboot
 * leads to the disk.
 */
function needsEngine(run: Run, { operations }: Task): boolean {
  if (run.state === 'waiting') return true;
  if (run.state !== 'running') return false;
  return operations.slice(run.operationIndex).some(({ type }) => type !== 'shutdown');
}
