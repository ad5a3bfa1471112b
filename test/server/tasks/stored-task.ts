/** A task as an operator has just made it. */

import { RunId, TaskId, type HostId } from '../../../lib/model/ids.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import type { Task } from '../../../lib/model/task.ts';
import { newRun } from '../../../server/tasks/new-run.ts';
import { waitsFrom } from '../../../lib/rules/waiting.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

/** Task number `number` of a store, as one that an operator has just made; each host has a run. */
export function storedTask(
  number: number,
  hostIds: readonly HostId[],
  operations: readonly Operation[],
): Task {
  const id = TaskId.parse(`task-${String(number).padStart(10, '9')}`);
  const runs = hostIds.map((hostId) => {
    const index = Number.parseInt(hostId.replace(/^host-/, ''), 36);
    return newRun({
      taskId: id,
      hostId,
      id: RunId.parse(`run-${String(number * 1000 + index).padStart(10, '9')}`),
    });
  });
  const now = Date.now();
  return {
    id,
    title: verbatim('mixed work'),
    createdAt: new Date(now).toISOString(),
    createdBy: 'eva',
    operations: [...operations],
    wake: false,
    waits: waitsFrom(now, 86_400_000),
    runs,
  };
}
