/** What a server says of itself. */

import type { RunProgress, Session, Task } from '../../lib/model/task.ts';
import type { Status } from '../../lib/model/status.ts';
import { OPERATOR_METHODS } from '../../lib/protocol/operator-api/table.ts';
import { TIME } from './times.ts';

export function sampleStatus(
  tasks: readonly Task[],
  progress: readonly RunProgress[] = [],
  sessions: readonly Session[] = [],
): Status {
  return OPERATOR_METHODS['status.get'].result.parse({
    server: {
      programVersion: '0.1.0',
      protocolVersion: 1,
      hostname: 'cloner',
      startedAt: TIME,
      kernel: '6.1.0',
      processor: 'Xeon',
      processorCount: 2,
      loadAverage: [0.1, 0.25, 1],
      memoryBytes: 8_000_000_000,
      freeMemoryBytes: 4_000_000_000,
      imageStore: {
        path: '/srv/openclone/images',
        sizeBytes: 1_000_000_000,
        freeBytes: 750_000_000,
      },
    },
    hosts: { total: 12, idle: 2, working: 3, off: 7, pending: 0 },
    boot: null,
    problems: [],
    tasks,
    hostNames: Object.fromEntries(
      tasks.flatMap((task) =>
        task.runs.map((run) => [run.hostId, `pc-${run.hostId.slice(-2)}`] as const),
      ),
    ),
    progress,
    sessions,
  });
}
