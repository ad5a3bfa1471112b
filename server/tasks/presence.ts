/** How runs change when the workers of hosts come and go. */

import { unreachable } from '../../lib/unreachable.ts';
import type { HostId, RunId } from '../../lib/model/ids.ts';
import { workerAt } from '../../lib/model/operation.ts';
import { endText, toldEnd, type ConnectionEnd } from '../../lib/protocol/connection-end.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { Run } from '../../lib/model/task.ts';
import type { ConnectedWorkers, WorkerLink } from '../workers/connected-workers.ts';
import { isHostWorker, type HostWorkerKind } from '../../lib/model/worker.ts';
import type { Store } from '../store/store.ts';
import type { RunTimers } from './run-timers.ts';
import type { Reports } from './reports.ts';
import { fateOnArrival } from './arrival.ts';
import { nextWork } from './operations/table.ts';
import type { ServerOperations } from './operations/row.ts';
import type { Runs } from './runs.ts';
import type { WorkItem } from './work-item.ts';
import { isCaptured } from './store-image.ts';

const HOST_RESTARTED = 'the host was restarted while the run was under way';

export type PresenceOptions = {
  readonly runs: Runs;
  readonly reports: Reports;
  readonly timers: RunTimers;
  readonly connected: ConnectedWorkers;
  readonly store: Store;
  readonly images: ImageStore;
  readonly operations: ServerOperations;
  readonly onChanged: () => void;
};

export class Presence {
  readonly #options: PresenceOptions;
  /** The latest arrival of a worker of each host: the next one waits for it. */
  readonly #arrivals = new Map<HostId, Promise<unknown>>();

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /**
   * After a start of the server: every run that was under way waits for its worker, but not for ever, and every host
   * that was told to restart has its time once more. What the server itself was at is done again, or fails.
   */
  async resumeAfterRestart(): Promise<void> {
    const { runs, timers } = this.#options;
    const reason = 'the server was restarted while the run was under way';
    for (const item of runs.filter(({ state }) => state === 'running')) {
      const { id } = item.run;
      const isRepeatable = this.#isRepeatable(item);
      if (isRepeatable === null) await runs.tell(id, { type: 'worker-missing', reason });
      else await runs.apply(id, { type: 'server-restarted', isRepeatable });
    }
    for (const { run } of runs.filter(({ move }) => move !== undefined)) {
      if (run.move !== undefined) timers.awaitArrival(run.id, run.move.to);
    }
  }

  /** Null: the operation is not the server's own. */
  #isRepeatable(item: WorkItem): boolean | null {
    const next = nextWork(this.#options.operations, item);
    return next?.by === 'server' ? next.isRepeatable : null;
  }

  /**
   * A worker has logged on. A run of its host that is in the middle of an operation of which the worker knows nothing
   * is restarted, or interrupted: another start of a worker had it. Returns whether the worker goes on with
   * `activeRunId`.
   */
  async workerConnected(worker: WorkerLink, activeRunId: RunId | null): Promise<boolean> {
    const { connected } = this.#options;
    const other = connected.workerOf(worker.hostId, worker.kind === 'engine' ? 'agent' : 'engine');
    if (other !== undefined) {
      // A host is in one of its systems: that the one has come says that it has left the other.
      this.workerDisconnected(other, toldEnd('end.other-system'));
      other.close('end.other-system');
    }
    connected.setWorker(worker);
    const before = this.#arrivals.get(worker.hostId) ?? Promise.resolve();
    const arrival = before
      .catch(() => undefined)
      .then(async () => this.#reconcile(worker, activeRunId));
    this.#arrivals.set(worker.hostId, arrival);
    return arrival;
  }

  /** The worker's connection is over; its run waits for it a while. */
  workerDisconnected(worker: WorkerLink, end: ConnectionEnd): void {
    if (!this.#options.connected.removeWorker(worker)) return;
    const lost = `the connection to the host was lost (${endText(end)})`;
    this.#awaitWorker(worker.hostId, lost, (_, kind) => kind === worker.kind);
    this.#options.onChanged();
  }

  /** Whatever of the host is under way waits for its worker no longer than the grace time, when that is not connected. */
  awaitLost(hostId: HostId): void {
    const { connected, timers } = this.#options;
    const reason = 'the connection to the host was lost while the run was under way';
    this.#awaitWorker(
      hostId,
      reason,
      (runId, kind) => connected.workerOf(hostId, kind) === undefined && !timers.isWaiting(runId),
    );
  }

  #awaitWorker(
    hostId: HostId,
    reason: string,
    isConcerned: (runId: RunId, kind: HostWorkerKind) => boolean,
  ): void {
    const { runs } = this.#options;
    for (const { run, task } of runs.runningOn(hostId)) {
      const kind = workerAt(task.operations, run.operationIndex);
      if (kind !== undefined && isHostWorker(kind) && isConcerned(run.id, kind))
        void runs.tell(run.id, { type: 'worker-missing', reason });
    }
  }

  async #reconcile(worker: WorkerLink, activeRunId: RunId | null): Promise<boolean> {
    const { runs, images, onChanged } = this.#options;
    const resumable = runs.resumable();
    const begun = runs.filter(({ hostId }) => hostId === worker.hostId);
    let goesOn = false;
    for (const item of begun) {
      const { run } = item;
      const arrival = { kind: worker.kind, instanceId: worker.instanceId, activeRunId };
      const fate = fateOnArrival(item, arrival, resumable.has(run.id));
      switch (fate) {
        case 'goes-on':
          await runs.apply(run.id, { type: 'worker-returned' });
          goesOn = true;
          break;
        case 'assigned-again':
          await runs.tell(run.id, { type: 'worker-connected' });
          break;
        case 'restarts':
          await this.#restart(run);
          break;
        case 'is-lost':
          await runs.apply(run.id, { type: 'worker-lost', reason: HOST_RESTARTED });
          // Nobody will finish it now: what was staged of it is of no use.
          await images.discard(run.id);
          break;
        case 'unconcerned':
          break;
        default:
          unreachable(fate);
      }
    }
    // The worker may have left meanwhile, when nothing was known yet of what it has.
    this.awaitLost(worker.hostId);
    onChanged();
    return goesOn;
  }

  async #restart({ id, restarts }: Run): Promise<void> {
    const { runs, reports, images, store, timers } = this.#options;
    timers.stop(id);
    // The last words of the start before, if they are still under way.
    await reports.settled(id);
    await images.discard(id);
    await runs.apply(id, {
      type: 'worker-restarted',
      reason: HOST_RESTARTED,
      restarts,
      isCaptured: isCaptured(store.read().images, id),
    });
  }
}
