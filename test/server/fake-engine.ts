/** The engine or the agent of one host, played by a test. */

import assert from 'node:assert/strict';
import type { RunId } from '../../lib/model/ids.ts';
import { EngineInstanceId, type HostId } from '../../lib/model/ids.ts';
import type { AssignedOperation, WorkOperation } from '../../lib/model/operation.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';
import type { RunEvent } from '../../lib/protocol/engine-api.ts';
import { type WorkerLink } from '../../server/workers/connected-workers.ts';
import type { Work } from '../../server/tasks/work.ts';

/** What an engine needs of its room. */
type EngineRoom = { readonly work: Work };

/** The engine or the agent of one host, played by the test: what it was told, and its next event's number per run. */
export class FakeEngine {
  readonly link: WorkerLink;
  readonly told: string[] = [];
  readonly #room: EngineRoom;
  readonly #sequences = new Map<RunId, number>();
  isClosed = false;

  constructor(
    room: EngineRoom,
    hostId: HostId,
    instance: number,
    { kind = 'engine', canRestart = true }: WorkerSort = {},
  ) {
    this.#room = room;
    this.link = {
      hostId,
      kind,
      canRestart,
      instanceId: EngineInstanceId.parse(`engine-${String(instance).padStart(10, '0')}`),
      address: '127.0.0.1',
      proof: null,
      isAnswering: () => Promise.resolve(true),
      notifyWork: () => this.told.push('work'),
      notifyCancel: (_, outcome, reason) => this.told.push(`cancel ${outcome}: ${reason}`),
      close: (reason) => {
        this.isClosed = true;
        this.told.push(`close: ${reason}`);
      },
    };
  }

  async next(): Promise<AssignedOperation> {
    return this.#room.work.scheduler.nextOperation(this.link);
  }

  /** The next operation, which must be work. */
  async nextWork(): Promise<WorkOperation> {
    const operation = await this.next();
    if (operation.type === 'idle' || operation.type === 'restart')
      assert.fail(`no work: ${operation.type}`);
    return operation;
  }

  /** Reports the run's next events and returns the acknowledged number. */
  async report(runId: RunId, ...events: RunEvent[]): Promise<number> {
    const first = this.#sequences.get(runId) ?? 1;
    const acknowledged = await this.reportAt(runId, first, ...events);
    this.#sequences.set(runId, first + events.length);
    return acknowledged;
  }

  async reportAt(runId: RunId, first: number, ...events: RunEvent[]): Promise<number> {
    const report = { runId, firstSequence: first, events, progress: null };
    return this.#room.work.reports.receive(this.link, report);
  }
}

export type WorkerSort = { readonly kind?: HostWorkerKind; readonly canRestart?: boolean };
