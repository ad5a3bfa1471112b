/** A run as it is before anything has happened. */

import type { HostId, RunId, TaskId } from '../../lib/model/ids.ts';
import type { ExpectedDisk } from '../../lib/model/operations/assignment.ts';
import type { Run } from '../../lib/model/task.ts';

/** `expectedDisk`: as the host has told of the disk that the operator chose; absent when it is not known. */
export function newRun(ids: {
  readonly id: RunId;
  readonly taskId: TaskId;
  readonly hostId: HostId;
  readonly expectedDisk?: ExpectedDisk | undefined;
}): Run {
  return {
    ...ids,
    state: 'waiting',
    operationIndex: 0,
    disk: null,
    diskOutcome: null,
    sessionId: null,
    startedAt: null,
    endedAt: null,
    steps: [],
    error: null,
    eventSequence: 0,
    missedSessions: 0,
    droppedFrom: null,
    workerInstanceId: null,
    workerProof: null,
    restarts: 0,
    cancelRequested: false,
  };
}
