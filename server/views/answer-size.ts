/** Answers that a client takes: what hosts say of themselves is shortened when all together would be too long. */

import type { HostView } from '../../lib/model/host.ts';
import type { SystemInfo } from '../../lib/model/system-info.ts';
import type { Task } from '../../lib/model/task.ts';
import type { Bytes } from '../../lib/units.ts';

/** Of a message that may have MAX_MESSAGE_BYTES: hosts without a description are 500 bytes each. */
const MAX_DESCRIPTIONS_BYTES = 24 * 1024 * 1024;
const MAX_TASKS_BYTES = 24 * 1024 * 1024;

/** As much as lists show and tasks are planned by: which disks there are, and what is on them. The rest is in host.show. */
export function briefly(systemInfo: SystemInfo): SystemInfo {
  return {
    ...systemInfo,
    processors: [],
    interfaces: [],
    disks: systemInfo.disks.map((disk) => ({ ...disk, partitions: [] })),
  };
}

/** The hosts, from the first one that there is no room for on in short, and then without a description. */
export function fittingHosts(
  hosts: readonly HostView[],
  maxBytes = MAX_DESCRIPTIONS_BYTES,
): HostView[] {
  let left = maxBytes;
  return hosts.map((host) => {
    const { systemInfo } = host;
    if (systemInfo === null) return host;
    for (const said of [systemInfo, briefly(systemInfo)]) {
      const bytes = bytesOf(said);
      if (bytes > left) continue;
      left -= bytes;
      return { ...host, systemInfo: said };
    }
    return { ...host, systemInfo: null };
  });
}

/** The tasks, those that there is no room for without the steps of their runs, and the last ones not at all. */
export function fittingTasks(tasks: readonly Task[], maxBytes = MAX_TASKS_BYTES): Task[] {
  let left = maxBytes;
  return tasks.flatMap((task) => {
    const brief: Task = {
      ...task,
      runs: task.runs.map((run) => ({ ...run, steps: [], error: null })),
    };
    for (const said of [task, brief]) {
      const bytes = bytesOf(said);
      if (bytes > left) continue;
      left -= bytes;
      return [said];
    }
    return [];
  });
}

/** Records are never changed in place: what one has is measured once. */
const MEASURED = new WeakMap<object, Bytes>();

function bytesOf(record: object): Bytes {
  const known = MEASURED.get(record);
  if (known !== undefined) return known;
  const bytes = Buffer.byteLength(JSON.stringify(record));
  MEASURED.set(record, bytes);
  return bytes;
}
