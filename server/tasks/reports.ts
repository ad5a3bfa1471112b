/** What the workers of hosts report of their runs: taken in order, acknowledged when it is safe. */

import { fromReport, OperatorError } from '../../lib/errors.ts';
import { describeDisk } from '../../lib/disk/disk-selection.ts';
import type { DiskIdentity } from '../../lib/model/disk-identity.ts';
import type { HostId, RunId } from '../../lib/model/ids.ts';
import { MAX_STEPS } from '../../lib/model/limits.ts';
import { traitsOf } from '../../lib/model/operation.ts';
import type { ProgressReport, RunEvent } from '../../lib/protocol/engine-api.ts';
import { identityOf } from '../../lib/disk/same-disk.ts';
import type { ConnectedWorkers } from '../workers/connected-workers.ts';
import type { Store } from '../store/store.ts';
import type { CapturedImages } from './captured-images.ts';
import { cancelledError } from './run-errors.ts';
import { isOwnedBy } from '../../lib/rules/run-resumption.ts';
import type { Runs } from './runs.ts';
import { MAX_RUN_TITLE_BYTES, titleBytesOf } from './run-texts.ts';
import type { WorkItem } from './work-item.ts';
import type { WorkerStart } from './scheduler.ts';

export type ReportsOptions = {
  readonly runs: Runs;
  readonly capturedImages: CapturedImages;
  readonly store: Store;
  readonly connected: ConnectedWorkers;
  /** The host's worker may have left while its report was under way. */
  readonly awaitLost: (hostId: HostId) => void;
  readonly onChanged: () => void;
};

/** What a report says: events numbered from `firstSequence`, and how far the run is. */
export type Report = {
  readonly runId: RunId;
  readonly firstSequence: number;
  readonly events: readonly RunEvent[];
  readonly progress: ProgressReport | null;
};

export class Reports {
  readonly #options: ReportsOptions;
  /** The latest report of each run: the next one waits for it. */
  readonly #latest = new Map<RunId, Promise<unknown>>();

  constructor(options: ReportsOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the number of the last event that is safe. Throws `not-found` when the run is not this engine's,
   * `bad-message` for what an engine never says, and what storing throws.
   */
  receive(worker: WorkerStart, report: Report): Promise<number> {
    const { runId } = report;
    if (this.#options.runs.find(runId) === undefined) return Promise.reject(unknownRun(runId));
    // A report of an old connection may still be under way when the engine repeats it over a new one.
    const before = this.#latest.get(runId) ?? Promise.resolve();
    const received = before.catch(() => undefined).then(() => this.#receive(worker, report));
    this.#latest.set(runId, received);
    return received;
  }

  /** Resolves when no report of the run is under way. */
  async settled(runId: RunId): Promise<void> {
    await this.#latest.get(runId)?.catch(() => undefined);
  }

  forget(runId: RunId): void {
    this.#latest.delete(runId);
  }

  async #receive(
    { hostId, kind, instanceId }: WorkerStart,
    { runId, firstSequence, events, progress }: Report,
  ): Promise<number> {
    const { runs, connected, awaitLost, onChanged } = this.#options;
    const item = runs.find(runId);
    if (item?.run.hostId !== hostId || !isOwnedBy(item.run, instanceId)) throw unknownRun(runId);
    // The plan comes before the first step: without its acknowledgement nothing begins.
    if (item.run.cancelRequested && events.some((event) => event.type === 'plan')) {
      throw fromReport(cancelledError('cancelled before it began'));
    }
    const fresh = events.filter((_, index) => firstSequence + index > item.run.eventSequence);
    checkEvents(item, fresh);
    for (const event of fresh) await this.#makeSafe(item, event);
    const lastSequence = Math.max(item.run.eventSequence, firstSequence + events.length - 1);
    if (fresh.length > 0) {
      const isResumable = runs.resumable().has(runId);
      const identity = (disk: string): DiskIdentity | undefined => this.#identityOf(hostId, disk);
      await runs.apply(runId, {
        type: 'reported',
        by: kind,
        events: fresh,
        lastSequence,
        isResumable,
        identityOf: identity,
      });
      // The grace time may have ended meanwhile: nobody would give the run up a second time.
      awaitLost(hostId);
    }
    if (progress !== null && runs.find(runId)?.run.state === 'running') {
      connected.setProgress({ runId, hostId, ...progress });
    }
    onChanged();
    return lastSequence;
  }

  /** What an event says is kept must be before it is acknowledged. */
  async #makeSafe(item: WorkItem, event: RunEvent): Promise<void> {
    if (event.type === 'captured') await this.#options.capturedImages.store(item, event.image);
  }

  /** Which of the disks that the host has told of is meant by words only. */
  #identityOf(hostId: HostId, disk: string): DiskIdentity | undefined {
    if (disk === '') return undefined;
    const host = this.#options.store.read().hosts.find(({ id }) => id === hostId);
    const found = host?.systemInfo?.disks.filter((each) => describeDisk(each) === disk) ?? [];
    const [only] = found;
    return only === undefined || found.length > 1 ? undefined : identityOf(only);
  }
}

/** Throws `bad-message` for what an engine of ours never says of this run. */
function checkEvents(item: WorkItem, events: readonly RunEvent[]): void {
  const said =
    events.map((event) => whatIsWrong(item, event)).find((each) => each !== null) ??
    whatIsTooMuch(item, events);
  if (said === null) return;
  throw new OperatorError({
    code: 'bad-message',
    message: `reporting on run ${item.run.id}: ${said}`,
    hint: 'This is a fault in OpenClone, or the host is not what it says.',
  });
}

function whatIsWrong({ run, task }: WorkItem, event: RunEvent): string | null {
  const operation = task.operations[run.operationIndex];
  if (event.type === 'operation-ended')
    return event.operationIndex === run.operationIndex
      ? null
      : 'the end of an operation that it is not doing';
  if (event.type !== 'plan' || operation === undefined) return null;
  // Engines of protocol 3 and before say nothing of it.
  const { leave } = event;
  const { endsWorker } = traitsOf(operation);
  if (leave === undefined || (leave !== null) === endsWorker) return null;
  return endsWorker
    ? `the plan of ${operation.type} does not say how it leaves the host`
    : `the plan of ${operation.type} ends with ${leave}, after which the engine would be gone`;
}

/** Of the steps that it has and those that are planned. */
function whatIsTooMuch({ run }: WorkItem, events: readonly RunEvent[]): string | null {
  const planned = events.flatMap((event) => (event.type === 'plan' ? event.steps : []));
  if (planned.length === 0) return null;
  const steps = [...run.steps, ...planned];
  if (steps.length > MAX_STEPS) return `more than ${MAX_STEPS} steps`;
  return titleBytesOf(steps) > MAX_RUN_TITLE_BYTES ? 'titles of its steps that are too long' : null;
}

function unknownRun(runId: RunId): OperatorError {
  return new OperatorError({
    code: 'not-found',
    message: `reporting on run ${runId}: this host has no such run`,
    hint: 'The task may have been deleted. The engine gives the run up.',
  });
}
