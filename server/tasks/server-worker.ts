/** Does the server's own operations, one of a run at a time, and tells of them what a host's worker tells of its. */

import { toReport } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { RunId } from '../../lib/model/ids.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Run } from '../../lib/model/task.ts';
import type { RunEvent } from '../../lib/protocol/engine-api.ts';
import { setTimeout } from 'node:timers/promises';
import type { ConnectedWorkers } from '../workers/connected-workers.ts';
import type { OwnWork } from './operations/table.ts';
import { cancelledError } from './run-errors.ts';
import type { Runs } from './runs.ts';
import type { WorkItem } from './work-item.ts';
import type { ServerStep } from './operations/row.ts';
import type { Message } from '../../lib/model/message.ts';

/** A store that cannot be written is tried again after STORE_AGAIN_MS, so that what was done is not lost. */
const STORE_AGAIN_MS = 5000;

export type ServerWorkerOptions = {
  readonly runs: Runs;
  readonly connected: ConnectedWorkers;
  readonly log: Log;
};

type Job = { readonly runId: RunId; readonly cancelled: AbortController };
type End = Pick<Extract<RunEvent, { type: 'operation-ended' }>, 'outcome' | 'error'>;

export class ServerWorker {
  readonly #options: ServerWorkerOptions;
  readonly #jobs = new Map<RunId, Job>();
  readonly #closed = new AbortController();

  constructor(options: ServerWorkerOptions) {
    this.#options = options;
  }

  isAt(runId: RunId): boolean {
    return this.#jobs.has(runId);
  }

  /** Begins the run's next operation, which is the server's; nothing happens when it is at it already. */
  begin({ run }: WorkItem, work: OwnWork): void {
    const runId = run.id;
    if (this.isAt(runId) || this.#closed.signal.aborted) return;
    const job = { runId, cancelled: new AbortController() };
    this.#jobs.set(runId, job);
    this.#do(run, work, job)
      .catch((error: unknown) => {
        if (this.#closed.signal.aborted) return;
        this.#options.log.error(
          { event: 'fault', run: runId, error },
          'an operation of the server',
        );
      })
      .finally(() => {
        if (this.#jobs.get(runId) === job) this.#jobs.delete(runId);
      });
  }

  /** Stops what it does of the run; that is reported as any end. */
  cancel(runId: RunId, reason: string): void {
    this.#jobs.get(runId)?.cancelled.abort(reason);
  }

  /** Stops everything and says nothing of it: the next start of the server goes on from what is stored. */
  close(): void {
    this.#closed.abort();
  }

  async #do(run: Run, work: OwnWork, job: Job): Promise<void> {
    const { runs } = this.#options;
    let steps: readonly ServerStep[];
    try {
      steps = work.steps();
    } catch (error) {
      await this.#kept(async () =>
        runs.apply(run.id, { type: 'not-assigned', error: toReport(error) }),
      );
      return;
    }
    const begun = await this.#kept(async () => runs.apply(run.id, { type: 'begun' }));
    if (begun?.state !== 'running' || begun.cancelRequested) return;
    await this.#report(job, {
      type: 'plan',
      disk: '',
      leave: null,
      steps: steps.map(({ id, title }) => ({ id, title, totalBytes: null, writes: false })),
    });
    const { outcome, error } = await this.#doSteps(steps, job);
    // What follows from its end may be to begin the next one.
    this.#jobs.delete(run.id);
    await this.#report(job, {
      type: 'operation-ended',
      operationIndex: run.operationIndex,
      outcome,
      diskOutcome: 'untouched',
      error,
    });
  }

  async #doSteps(steps: readonly ServerStep[], job: Job): Promise<End> {
    for (const step of steps) {
      const end = await this.#doStep(step, job);
      if (end !== null) return end;
    }
    return { outcome: 'completed', error: null };
  }

  /** Null: it is done, and the next one may begin. */
  async #doStep({ id, work }: ServerStep, job: Job): Promise<End | null> {
    const { cancelled, runId } = job;
    const signal = AbortSignal.any([cancelled.signal, this.#closed.signal]);
    const ended = async (
      state: 'completed' | 'failed' | 'aborted',
      note: Message | null,
      error: ErrorReport | null,
    ): Promise<void> =>
      this.#report(job, {
        type: 'step-ended',
        stepId: id,
        state,
        doneBytes: 0,
        notes: note === null ? [] : [note],
        error,
      });
    await this.#report(job, { type: 'step-started', stepId: id });
    try {
      signal.throwIfAborted();
      const progress = (fraction: number): void => this.#showProgress(runId, id, fraction);
      await ended('completed', await work({ signal, progress }), null);
      return null;
    } catch (error) {
      const outcome = cancelled.signal.aborted ? 'aborted' : 'failed';
      const report =
        outcome === 'aborted' ? cancelledError(String(cancelled.signal.reason)) : toReport(error);
      await ended(outcome, null, report);
      return { outcome, error: report };
    }
  }

  #showProgress(runId: RunId, stepId: string, fraction: number): void {
    const item = this.#options.runs.find(runId);
    if (item === undefined) return;
    const progress = {
      doneBytes: 0,
      totalBytes: null,
      fraction,
      bytesPerSecond: 0,
      remainingMs: null,
    };
    const { hostId } = item.run;
    this.#options.connected.setProgress({ runId, hostId, stepId, step: progress, total: progress });
  }

  async #report({ runId }: Job, event: RunEvent): Promise<void> {
    const { runs } = this.#options;
    const lastSequence = runs.find(runId)?.run.eventSequence ?? 0;
    await this.#kept(async () =>
      runs.apply(runId, {
        type: 'reported',
        by: 'server',
        events: [event],
        lastSequence,
        isResumable: false,
        identityOf: () => undefined,
      }),
    );
  }

  /** What `change` makes, as soon as the store takes it. Throws when the server stops before. */
  async #kept<T>(change: () => Promise<T>): Promise<T> {
    const { signal } = this.#closed;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await change();
      } catch (error) {
        this.#options.log.error({ event: 'fault', error }, 'storing what the server did');
      }
      await setTimeout(STORE_AGAIN_MS, undefined, { signal });
    }
  }
}
