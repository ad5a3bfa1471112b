/** Operators' call about what engines said of their runs. */

import type { Handlers } from '../../lib/protocol/contract.ts';
import type { LOG_METHODS } from '../../lib/protocol/operator-api/tasks.ts';
import { findHost, findTask } from '../lookup.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { hostNamesOf } from '../views/status.ts';

/** All logs of one answer together, far below the longest message. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export function runLogHandlers({
  store,
  runLogs,
}: Pick<ApiContext, 'store' | 'runLogs'>): Handlers<typeof LOG_METHODS, [Caller]> {
  return {
    'run.log': async ({ task: id, host }) => {
      const { tasks, hosts } = store.read();
      const task = findTask(tasks, id);
      const hostId = host === null ? null : findHost(hosts, host).id;
      const hostNames = hostNamesOf(hosts, [task]);
      const runs = task.runs.filter((run) => hostId === null || run.hostId === hostId);
      const share = Math.floor(MAX_ANSWER_BYTES / Math.max(1, runs.length));
      return Promise.all(
        runs.map(async (run) => ({
          runId: run.id,
          hostId: run.hostId,
          hostName: hostNames[run.hostId] ?? run.hostId,
          ...(await runLogs.read(run.id, share)),
        })),
      );
    },
  };
}
