/** The five calls of a host's worker. */

import type { Log } from '../../lib/log.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { EngineMethods } from '../../lib/protocol/engine-api.ts';
import type { RunLogs } from '../tasks/run-logs.ts';
import type { Work } from '../tasks/work.ts';
import type { WorkerIdentity } from './worker-identity.ts';

export type WorkerHandlersOptions = {
  readonly work: Work;
  readonly runLogs: RunLogs;
  readonly log: Log;
};

export type WorkerListener = {
  /** The other side says who it is. */
  readonly onIdentified: () => void;
  /** It leaves by itself. */
  readonly onLogoff: () => void;
};

/** `identity`: who calls; it is there when the first call comes. */
export function workerHandlers(
  { work, runLogs, log }: WorkerHandlersOptions,
  identity: () => WorkerIdentity,
  { onIdentified, onLogoff }: WorkerListener,
): Handlers<EngineMethods> {
  return {
    register: async (params) => {
      onIdentified();
      return identity().register(params);
    },
    logon: async (params) => {
      onIdentified();
      return identity().logOn(params);
    },
    nextOperation: async () => work.scheduler.nextOperation(identity().loggedOn()),
    statusUpdate: async ({ runId, firstSequence, events, progress, log: lines }) => {
      const worker = identity().loggedOn();
      const acknowledgedSequence = await work.reports.receive(worker, {
        runId,
        firstSequence,
        events,
        progress,
      });
      // Only now it is known that the run is this host's. A log that cannot be kept does not hold the run up.
      await runLogs.append(runId, worker.instanceId, lines).catch((error: unknown) => {
        log.warn({ event: 'run-log-failed', run: runId, error }, 'the log of a run has a gap');
      });
      return { acknowledgedSequence };
    },
    logoff: async ({ reason }) => {
      const { hostId: host, kind } = identity().loggedOn();
      log.info({ event: 'logoff', host, kind, reason }, 'engine logged off');
      onLogoff();
      return Promise.resolve({});
    },
  };
}
