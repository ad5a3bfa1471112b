/** Which work a host gets next. */

import { toReport } from '../../lib/errors.ts';
import type { HostId, SessionId } from '../../lib/model/ids.ts';
import type { AssignedOperation, WorkOperation } from '../../lib/model/operation.ts';
import type { EngineLink, Live } from '../connections/live.ts';
import type { RunTokens } from './run-tokens.ts';
import type { Store } from '../store/store.ts';
import { prepareOperation, type PreparationContext } from './operations/table.ts';
import type { Overdue } from './overdue.ts';
import { isOwnedBy, MAX_RESTARTS } from '../../lib/rules/run-resumption.ts';
import type { Runs, WorkItem } from './runs.ts';
import { isOverdue } from './waiting.ts';

/** A start of an engine that asks for work, or reports. */
export type EngineStart = Pick<EngineLink, 'hostId' | 'instanceId' | 'proof'>;

export type SchedulerOptions = {
  readonly runs: Runs;
  readonly overdue: Overdue;
  readonly preparation: PreparationContext;
  readonly tokens: RunTokens;
  readonly store: Store;
  readonly live: Live;
};

export class Scheduler {
  readonly #options: SchedulerOptions;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** The next thing the host has to do, oldest task first; idle when there is nothing. Throws what the store throws. */
  async nextOperation(engine: EngineStart): Promise<AssignedOperation> {
    await this.#options.overdue.end();
    await this.#endUnreported(engine.hostId);
    for (;;) {
      const item = this.#nextItem(engine.hostId);
      if (item === undefined) return { type: 'idle' };
      const assigned = await this.#assign(item, engine);
      if (assigned !== null) return assigned;
      await this.#endUnreported(engine.hostId);
    }
  }

  /** The engine asks for work, so it has none. */
  async #endUnreported(hostId: HostId): Promise<void> {
    const { runs } = this.#options;
    for (const { run } of runs.runningOn(hostId)) await runs.apply(run.id, { type: 'work-asked' });
  }

  #nextItem(hostId: HostId): WorkItem | undefined {
    const { runs, store } = this.#options;
    const host = store.read().hosts.find(({ id }) => id === hostId);
    // No operator has approved it yet: it gets nothing, whatever it was given before.
    if (host?.approval !== 'approved') return undefined;
    const now = runs.now();
    const [first] = runs.filter(
      (run, task) =>
        run.hostId === hostId &&
        (run.state === 'waiting' || run.state === 'running') &&
        !run.cancelRequested &&
        !isOverdue(task, run, now),
    );
    return first;
  }

  /** Null: the run does not go on with this operation. */
  async #assign(item: WorkItem, engine: EngineStart): Promise<WorkOperation | null> {
    const { runs, live } = this.#options;
    const { run } = item;
    const { hostId, instanceId, proof } = engine;
    const isStuck = run.state === 'running' && !isOwnedBy(run, instanceId);
    if (isStuck && run.restarts >= MAX_RESTARTS) {
      const reason = 'the host was started anew again and again before it began';
      await runs.apply(run.id, { type: 'engine-lost', reason });
      return null;
    }
    let assigned: WorkOperation;
    try {
      assigned = await this.#prepare(item, engine);
    } catch (error) {
      // The image may be gone or damaged: the run fails, and the host is not stuck with it.
      await runs.apply(run.id, { type: 'not-assigned', error: toReport(error) });
      return null;
    }
    const sessionId = sessionOf(assigned);
    const taken = await runs.apply(run.id, { type: 'assigned', instanceId, proof, sessionId });
    if (taken?.state !== 'running' || taken.cancelRequested) return null;
    if (live.engineOf(hostId) === undefined) {
      const reason = 'the connection to the host was lost when it asked for work';
      await runs.tell(run.id, { type: 'engine-missing', reason });
    }
    return assigned;
  }

  async #prepare({ task, run }: WorkItem, { instanceId }: EngineStart): Promise<WorkOperation> {
    const { tokens, preparation } = this.#options;
    const operation = task.operations[run.operationIndex];
    if (operation === undefined) throw new TypeError(`run ${run.id} has no operation left`);
    const assignment = {
      runId: run.id,
      token: tokens.tokenOf(run.id, instanceId),
      operationIndex: run.operationIndex,
      expectedDisk: run.expectedDisk,
    };
    return prepareOperation(preparation, { task, run }, operation, assignment);
  }
}

function sessionOf(assigned: WorkOperation): SessionId | null {
  return assigned.type === 'deploy' && assigned.source.type === 'multicast'
    ? assigned.source.sessionId
    : null;
}
