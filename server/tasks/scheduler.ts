/** Which work a host gets next, and who does it. */

import { toReport } from '../../lib/errors.ts';
import type { HostId, SessionId, EngineInstanceId } from '../../lib/model/ids.ts';
import type { AssignedOperation, WorkOperation } from '../../lib/model/operation.ts';
import type { ConnectedWorkers, WorkerLink } from '../workers/connected-workers.ts';
import type { RunTokens } from './run-tokens.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Run } from '../../lib/model/task.ts';
import { placeOf, type HostWorkerKind } from '../../lib/model/worker.ts';
import type { Store } from '../store/store.ts';
import { MAX_ORDERS } from './arrival-times.ts';
import { nextWork, type HostWork, type OwnWork } from './operations/table.ts';
import type { PreparationContext, ServerOperations } from './operations/row.ts';
import type { Overdue } from './overdue.ts';
import { isByServer } from '../../lib/rules/next-place.ts';
import { isOwnedBy, MAX_RESTARTS } from '../../lib/rules/run-resumption.ts';
import { mustNotBootError, oldWorkerError, wrongSystemError } from './run-errors.ts';
import type { Runs } from './runs.ts';
import type { WorkItem } from './work-item.ts';
import type { ServerWorker } from './server-worker.ts';
import { isOverdue } from '../../lib/rules/waiting.ts';

/** A start of a worker that asks for work, or reports. */
export type WorkerStart = Pick<
  WorkerLink,
  'hostId' | 'kind' | 'canRestart' | 'instanceId' | 'proof'
>;

export type SchedulerOptions = {
  readonly runs: Runs;
  readonly overdue: Overdue;
  readonly operations: ServerOperations;
  readonly preparation: PreparationContext;
  readonly serverWorker: ServerWorker;
  readonly tokens: RunTokens;
  readonly store: Store;
  readonly connected: ConnectedWorkers;
  /** A run that has begun needs its host, which is not there. */
  readonly onAbsent: (item: WorkItem) => void;
};

export class Scheduler {
  readonly #options: SchedulerOptions;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /**
   * The next thing that this worker has to do, oldest task first: idle when there is nothing, or another one has to do
   * something first. Throws what the store throws.
   */
  async nextOperation(worker: WorkerStart): Promise<AssignedOperation> {
    await this.#options.overdue.end();
    await this.#endUnreported(worker);
    for (;;) {
      const item = this.#nextItem(worker.hostId);
      const next = item && nextWork(this.#options.operations, item);
      if (item === undefined || next === undefined) return { type: 'idle' };
      if (next.by === 'server') {
        this.#begin(item, next);
        return { type: 'idle' };
      }
      const assigned =
        next.by === worker.kind
          ? await this.#assign(item, next, worker)
          : await this.#sendTo(item, worker, next.by);
      if (assigned !== null) return assigned;
      await this.#endUnreported(worker);
    }
  }

  /** Lets those who do the next operations of these hosts know of them. */
  offerWork(hostIds: ReadonlySet<HostId>): void {
    const items = this.#nextItems(hostIds);
    for (const hostId of hostIds) this.#offer(hostId, items.get(hostId));
  }

  #offer(hostId: HostId, item: WorkItem | undefined): void {
    if (item !== undefined && this.#isBegunByServer(item)) return;
    const worker = this.#options.connected.workerOn(hostId);
    worker?.notifyWork();
    const isBegun = item?.run.state === 'waiting' && item.run.startedAt !== null;
    if (worker === undefined && isBegun) this.#options.onAbsent(item);
  }

  /** Begins what the server has to do itself, wherever that comes next. */
  beginOwn(): void {
    const { runs } = this.#options;
    const own = runs.filter((run, task) => run.state === 'waiting' && isByServer(run, task));
    const items = this.#nextItems(new Set(own.map(({ run }) => run.hostId)));
    for (const item of items.values()) this.#isBegunByServer(item);
  }

  /** Whether the server does the run's next operation: then it is begun, if it was not. */
  #isBegunByServer(item: WorkItem): boolean {
    const next = nextWork(this.#options.operations, item);
    if (next?.by !== 'server') return false;
    this.#begin(item, next);
    return true;
  }

  #begin(item: WorkItem, work: OwnWork): void {
    if (item.run.state === 'waiting') this.#options.serverWorker.begin(item, work);
  }

  /** The worker asks for work, so it has none. */
  async #endUnreported({ hostId, kind: by }: WorkerStart): Promise<void> {
    const { runs } = this.#options;
    for (const { run } of runs.runningOn(hostId))
      await runs.apply(run.id, { type: 'work-asked', by });
  }

  /** The order to restart the host, so that worker `to` comes up on it. Null: the run does not go on. */
  async #sendTo(
    { run }: WorkItem,
    { hostId, instanceId, canRestart }: WorkerStart,
    to: HostWorkerKind,
  ): Promise<AssignedOperation | null> {
    const { runs, store } = this.#options;
    const host = store.read().hosts.find(({ id }) => id === hostId);
    const error = sendingError({
      run,
      instanceId,
      canRestart,
      to,
      isHalfWritten: host?.halfWritten !== null,
    });
    if (error !== null) {
      await runs.apply(run.id, { type: 'not-assigned', error });
      return null;
    }
    const sent = await runs.apply(run.id, { type: 'sent', to, instanceId });
    return sent?.move === undefined ? null : { type: 'restart', into: placeOf(to) };
  }

  #nextItem(hostId: HostId): WorkItem | undefined {
    return this.#nextItems(new Set([hostId])).get(hostId);
  }

  /** What comes next on each of these hosts, in one pass; of those that have nothing to do there is none. */
  #nextItems(hostIds: ReadonlySet<HostId>): Map<HostId, WorkItem> {
    const { runs, store } = this.#options;
    // No operator has approved it yet: it gets nothing, whatever it was given before.
    const approved = new Set(
      store
        .read()
        .hosts.filter(({ id, approval }) => approval === 'approved' && hostIds.has(id))
        .map(({ id }) => id),
    );
    const now = runs.now();
    const items = new Map<HostId, WorkItem>();
    const found = runs.filter(
      (run, task) =>
        approved.has(run.hostId) &&
        (run.state === 'waiting' || run.state === 'running') &&
        !run.cancelRequested &&
        !isOverdue(task, run, now),
    );
    for (const item of found) if (!items.has(item.run.hostId)) items.set(item.run.hostId, item);
    return items;
  }

  /** Null: the run does not go on with this operation. */
  async #assign(
    item: WorkItem,
    work: HostWork,
    worker: WorkerStart,
  ): Promise<WorkOperation | null> {
    const { runs, connected } = this.#options;
    const { run } = item;
    const { hostId, kind, instanceId, proof } = worker;
    const isStuck = run.state === 'running' && !isOwnedBy(run, instanceId);
    if (isStuck && run.restarts >= MAX_RESTARTS) {
      const reason = 'the host was restarted again and again before it began';
      await runs.apply(run.id, { type: 'worker-lost', reason });
      return null;
    }
    let assigned: WorkOperation;
    try {
      assigned = await this.#prepare(item, work, worker);
    } catch (error) {
      // The image may be gone or damaged: the run fails, and the host is not stuck with it.
      await runs.apply(run.id, { type: 'not-assigned', error: toReport(error) });
      return null;
    }
    const sessionId = sessionOf(assigned);
    const taken = await runs.apply(run.id, { type: 'assigned', instanceId, proof, sessionId });
    if (taken?.state !== 'running' || taken.cancelRequested) return null;
    if (connected.workerOf(hostId, kind) === undefined) {
      const reason = 'the connection to the host was lost when it asked for work';
      await runs.tell(run.id, { type: 'worker-missing', reason });
    }
    return assigned;
  }

  async #prepare(
    { run }: WorkItem,
    { prepare }: HostWork,
    { instanceId }: WorkerStart,
  ): Promise<WorkOperation> {
    const { tokens, preparation } = this.#options;
    const assignment = {
      runId: run.id,
      token: tokens.tokenOf(run.id, instanceId),
      operationIndex: run.operationIndex,
      expectedDisk: run.expectedDisk,
    };
    return prepare(preparation, assignment);
  }
}

/** Why the host is not told to restart; null: it is. */
function sendingError({
  run,
  instanceId,
  canRestart,
  to,
  isHalfWritten,
}: {
  readonly run: Run;
  readonly instanceId: EngineInstanceId;
  readonly canRestart: boolean;
  readonly to: HostWorkerKind;
  readonly isHalfWritten: boolean;
}): ErrorReport | null {
  if (to === 'agent' && isHalfWritten) return mustNotBootError();
  if (!canRestart) return oldWorkerError(to);
  const { move } = run;
  const isLost = move?.to === to && move.orders >= MAX_ORDERS && move.toldTo !== instanceId;
  return isLost ? wrongSystemError(to) : null;
}

function sessionOf(assigned: WorkOperation): SessionId | null {
  return 'source' in assigned && assigned.source.type === 'multicast'
    ? assigned.source.sessionId
    : null;
}
