/** The heart of the server, put together: gives engines their work, takes their reports, keeps every run in a defined state. */

import { toReport, type OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { HostId, RunId } from '../../lib/model/ids.ts';
import { imageMade } from '../../lib/model/operation.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import type { Task } from '../../lib/model/task.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { ConnectedWorkers } from '../workers/connected-workers.ts';
import type { RunTokens } from './run-tokens.ts';
import type { MulticastSessions, SessionListener } from '../sessions/multicast-sessions.ts';
import type { Store } from '../store/store.ts';
import { CapturedImages } from './captured-images.ts';
import { DataAccess } from './data-access.ts';
import { Effects } from './effects.ts';
import { Gathering } from './gathering.ts';
import { ARRIVAL_MS, type ArrivalTimes } from './arrival-times.ts';
import { Overdue } from './overdue.ts';
import { OPERATIONS } from './operations/table.ts';
import type { ServerOperations } from './operations/row.ts';
import { Presence } from './presence.ts';
import { Reports } from './reports.ts';
import { RunTimers } from './run-timers.ts';
import { Runs } from './runs.ts';
import { Scheduler } from './scheduler.ts';
import { ServerWorker } from './server-worker.ts';
import { SessionOutcomes } from './session-outcomes.ts';
import { isByServer } from '../../lib/rules/next-place.ts';
import type { WorkEvent } from './work-event.ts';

export type WorkOptions = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly connected: ConnectedWorkers;
  readonly tokens: RunTokens;
  /** Makes the sessions, whose events `listener` hears. */
  readonly newSessions: (listener: SessionListener) => MulticastSessions;
  readonly log: Log;
  /** What operators are to know of. */
  readonly tell: (event: LogEvent) => void;
  /** How long a run stays "running" after its worker's connection was lost. */
  readonly graceMs: number;
  /** How long hosts that were told to restart may take; ARRIVAL_MS when absent. */
  readonly arrivalMs?: ArrivalTimes;
  /** What the server does for each kind of operation; the product's when absent. */
  readonly operations?: ServerOperations;
  /** A run that has begun needs this host, which is not there. */
  readonly onAbsent?: (hostId: HostId) => void;
  /** How many versions of an image are kept. */
  readonly keepVersions: number;
  readonly onChanged: () => void;
  /** Milliseconds since 1970; the system's clock when absent. */
  readonly clock?: () => number;
  /** Milliseconds on the clock that nobody sets; performance.now() when absent. */
  readonly uptime?: () => number;
};

export class Work {
  readonly sessions: MulticastSessions;
  readonly presence: Presence;
  readonly scheduler: Scheduler;
  readonly reports: Reports;
  readonly dataAccess: DataAccess;
  readonly overdue: Overdue;
  readonly #options: WorkOptions;
  readonly #runs: Runs;
  readonly #timers: RunTimers;
  readonly #serverWorker: ServerWorker;
  readonly #capturedImages: CapturedImages;

  constructor(options: WorkOptions) {
    const { store, images, connected, tokens, log, tell, onChanged } = options;
    const clock = options.clock ?? Date.now;
    const uptime = options.uptime ?? (() => performance.now());
    const sessions = options.newSessions({
      onDropped: (runId, sessionId) => outcomes.onDropped(runId, sessionId),
      onStranger: (session, address) => outcomes.onStranger(session, address),
      onEnded: (session, error) => outcomes.onEnded(session, error),
    });
    this.sessions = sessions;
    const gathering = new Gathering({ store, connected, sessions, clock });
    const operations = options.operations ?? OPERATIONS;
    const timers = new RunTimers({
      graceMs: options.graceMs,
      arrivalMs: options.arrivalMs ?? ARRIVAL_MS,
      onLost: (runId, reason) => this.#giveUp(runId, reason),
      onNotArrived: (runId) => this.#giveUpArrival(runId),
    });
    const { keepVersions } = options;
    const capturedImages = new CapturedImages({ store, images, keepVersions, log, clock });
    const forget = (runId: RunId): void => {
      this.reports.forget(runId);
      capturedImages.forget(runId);
    };
    const effects = new Effects({
      connected,
      images,
      sessions,
      gathering,
      timers,
      forget,
      log,
      onChanged,
      stopOwn: (runId, reason) => this.#serverWorker.cancel(runId, reason),
      offerWork: (hostId) => this.scheduler.offerWork(new Set([hostId])),
    });
    const runs = new Runs(store, effects, clock);
    this.#options = options;
    this.#runs = runs;
    this.#timers = timers;
    this.#serverWorker = new ServerWorker({ runs, connected, log });
    this.#capturedImages = capturedImages;
    this.overdue = new Overdue({
      runs,
      store,
      connected,
      log,
      uptime,
      look: () => this.scheduler.beginOwn(),
    });
    this.reports = new Reports({
      runs,
      capturedImages,
      store,
      connected,
      onChanged,
      awaitLost: (hostId) => this.presence.awaitLost(hostId),
    });
    this.presence = new Presence({
      runs,
      reports: this.reports,
      timers,
      connected,
      store,
      images,
      operations,
      onChanged,
    });
    this.scheduler = new Scheduler({
      runs,
      overdue: this.overdue,
      tokens,
      store,
      connected,
      operations,
      serverWorker: this.#serverWorker,
      onAbsent: ({ task, run }) => {
        if (task.wake) options.onAbsent?.(run.hostId);
      },
      preparation: { store, images, gathering },
    });
    this.dataAccess = new DataAccess({ runs, tokens, store, capturedImages });
    const outcomes: SessionListener = new SessionOutcomes({ runs, store, log, tell });
  }

  /** After a start of the server: what was under way waits for its engines, what has waited too long ends. */
  async resumeAfterRestart(): Promise<void> {
    await this.overdue.start();
    await this.presence.resumeAfterRestart();
    this.scheduler.beginOwn();
  }

  /** Before the server stops: no more timers; runs stay as they are in the store. */
  close(): void {
    this.overdue.close();
    this.#timers.close();
    this.#serverWorker.close();
  }

  /** New work is in the store for these hosts: the connected workers that do it are told. */
  notifyHosts({ runs }: Task): void {
    this.scheduler.offerWork(new Set(runs.map(({ hostId }) => hostId)));
    this.#options.onChanged();
  }

  /** Ends a run that has not ended, as an operator wishes. */
  async cancel(runId: RunId, operator: string): Promise<void> {
    const item = this.#runs.find(runId);
    if (item === undefined) return;
    const isHostThere = this.#options.connected.workerOn(item.run.hostId) !== undefined;
    const isOwn = this.#serverWorker.isAt(runId);
    // The workers first: disks may be being written while the store waits for its own.
    await this.#runs.tell(runId, { type: 'cancel-asked', reason: `cancelled by ${operator}` });
    // Before the store is written: what was staged may be why it cannot be.
    await this.#capturedImages.abandon(item, (id) => this.reports.settled(id));
    const isWorkerConnected = isByServer(item.run, item.task) ? isOwn : isHostThere;
    await this.#runs.apply(runId, { type: 'cancelled', operator, isWorkerConnected });
  }

  /** Ends the capture that a host is at, because its engine cannot say what it captured. */
  async failCapture(hostId: HostId, error: OperatorError): Promise<void> {
    for (const item of this.#runs.runningOn(hostId)) {
      const operation = item.task.operations[item.run.operationIndex];
      if (operation === undefined || imageMade(operation) === null) continue;
      await this.#capturedImages.abandon(item, (id) => this.reports.settled(id));
      await this.#runs.apply(item.run.id, { type: 'failed', error: toReport(error) });
    }
  }

  #giveUp(runId: RunId, reason: string): void {
    this.#end(runId, { type: 'worker-lost', reason: `${reason}, and it did not come back` });
  }

  #giveUpArrival(runId: RunId): void {
    const run = this.#runs.find(runId)?.run;
    if (run?.move === undefined) return;
    const isThere = this.#options.connected.workerOf(run.hostId, run.move.to) !== undefined;
    this.#end(runId, { type: 'not-arrived', isThere });
  }

  #end(runId: RunId, event: WorkEvent): void {
    this.#runs.apply(runId, event).catch((error: unknown) => {
      this.#options.log.error({ event: 'fault', run: runId, error }, 'ending a run failed');
    });
  }
}
