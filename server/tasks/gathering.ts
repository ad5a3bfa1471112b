/** Gathering: which hosts of a task receive by one session, how each gets its image, and how many a session waits for. */

import type { HostId, RunId, SessionId, TaskId } from '../../lib/model/ids.ts';
import type { Manifest } from '../../lib/model/image.ts';
import type { DeployImage, ImageSource } from '../../lib/model/operations/assignment.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Run } from '../../lib/model/task.ts';
import type { ConnectedWorkers } from '../workers/connected-workers.ts';
import { findRun } from '../lookup.ts';
import type { MulticastSessions } from '../sessions/multicast-sessions.ts';
import type { Store } from '../store/store.ts';
import { resumableRuns } from '../../lib/rules/run-resumption.ts';
import type { WorkItem } from './work-item.ts';
import { fallsBackToUnicast, mayJoin } from '../../lib/rules/session-membership.ts';
import { isReceiving } from './transitions.ts';

type DeployOperation = Extract<Operation, { type: 'deploy' }>;

export type GatheringOptions = {
  readonly store: Store;
  readonly connected: ConnectedWorkers;
  readonly sessions: MulticastSessions;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

export class Gathering {
  readonly #options: GatheringOptions;

  constructor(options: GatheringOptions) {
    this.#options = options;
  }

  /** Several hosts share a session; one alone gets the image over its own connection, unless told otherwise. */
  async sourceFor(
    { task, run }: WorkItem,
    operation: DeployOperation,
    manifest: Manifest,
    image: DeployImage,
  ): Promise<ImageSource> {
    const { sessions, connected } = this.#options;
    const isPending = this.#isPendingFor([run], run.operationIndex);
    const isAlone =
      !sessions.gathers({ taskId: task.id, operationIndex: run.operationIndex }) &&
      !task.runs.some((other) => other.id !== run.id && isPending(other));
    const isUnicast =
      operation.transport === 'unicast' ||
      (operation.transport === 'auto' && (isAlone || fallsBackToUnicast(run)));
    if (isUnicast) return { type: 'unicast' };
    const address = connected.workerOn(run.hostId)?.address;
    if (address === undefined) throw new TypeError(`host ${run.hostId} asks without a connection`);
    const source = await sessions.join({
      task,
      run,
      hostAddress: address,
      otherAddresses: this.#addressesOf(run.hostId),
      manifest,
      manifestSha256: image.manifestSha256,
      gatherMs: operation.gatherMs,
    });
    this.recount(task.id);
    return source;
  }

  isReceiving(runId: RunId, sessionId: SessionId): boolean {
    const item = findRun(this.#options.store.read().tasks, runId);
    return item !== undefined && isReceiving(item.run, item.task, sessionId);
  }

  leave({ id, taskId }: Run): void {
    // Counted before it leaves, too: it may be on its way back, and the others are to wait for it.
    this.#count(taskId, id);
    this.#options.sessions.leave(id);
    this.#count(taskId, null);
  }

  /** Tells the task's gathering sessions how many of its hosts have joined none of them yet. */
  recount(taskId: TaskId): void {
    this.#count(taskId, null);
  }

  /** Each of the task's operations that hosts gather for by itself. `leaving` is about to leave its session. */
  #count(taskId: TaskId, leaving: RunId | null): void {
    const { sessions, store } = this.#options;
    const gatherings = sessions.gatheringsOf(taskId);
    if (gatherings.length === 0) return;
    const { runs = [] } = store.read().tasks.find((candidate) => candidate.id === taskId) ?? {};
    for (const gathering of gatherings) {
      const joined = new Set(sessions.gatheringRuns(gathering));
      if (leaving !== null) joined.delete(leaving);
      const isPending = this.#isPendingFor(
        runs.filter(({ id }) => joined.has(id)),
        gathering.operationIndex,
      );
      const pending = runs.filter((run) => !joined.has(run.id) && isPending(run));
      sessions.setPendingCount(gathering, pending.length);
    }
  }

  /** Which runs of a task may still come to `present`, those that gather for its operation `index`. */
  #isPendingFor(present: readonly Run[], index: number): (run: Run) => boolean {
    const isReturning = this.#isReturningTo(present);
    return (run) =>
      // One that was dropped, and whose engine is gone by now, has lost more than the transmission.
      (mayJoin(run, index, present) && (run.droppedFrom === null || this.#isOn(run.hostId))) ||
      isReturning(run);
  }

  /**
   * Which runs are those of hosts that are gone and go on when they are back: none unless one of `present` has. Where
   * one host of a room that lost its power is back, the others are not far.
   */
  #isReturningTo(present: readonly Run[]): (run: Run) => boolean {
    if (!present.some(({ restarts }) => restarts > 0)) return () => false;
    const { store, clock } = this.#options;
    const resumable = resumableRuns(store.read().tasks, clock());
    return (run) =>
      resumable.has(run.id) && (run.state === 'interrupted' || !this.#isOn(run.hostId));
  }

  #isOn(hostId: HostId): boolean {
    return this.#options.connected.workerOn(hostId) !== undefined;
  }

  /** As the host says itself: "10.77.0.101/24" is 10.77.0.101. */
  #addressesOf(hostId: HostId): string[] {
    const host = this.#options.store.read().hosts.find(({ id }) => id === hostId);
    const interfaces = host?.systemInfo?.interfaces ?? [];
    return interfaces.flatMap(({ addresses }) => addresses.map((each) => each.split('/')[0] ?? ''));
  }
}
