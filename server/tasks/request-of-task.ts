/** The request that makes a task like one that is there. */

import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Task } from '../../lib/model/task.ts';
import type { TaskRequest } from '../../lib/model/task-request.ts';
import type { StoreData } from '../store/schema.ts';
import { wantedAgain } from './operations/table.ts';

/** Its hosts by name, those that are gone left out; images by name, so that their newest versions are taken. */
export function requestOfTask(data: StoreData, { operations, runs, wake }: Task): TaskRequest {
  const names = new Map(data.hosts.map(({ id, name }) => [id, name]));
  return {
    targets: runs.flatMap(({ hostId }) => names.get(hostId) ?? []),
    disk: operations.map(diskOf).find((disk) => disk !== null) ?? { type: 'only' },
    operations: operations.map((operation) => wantedAgain(data, operation)),
    wake,
  };
}

function diskOf(operation: Operation): DiskSelector | null {
  return 'disk' in operation ? operation.disk : null;
}
