/** The heart of the server, put together: gives engines their work, takes their reports, keeps every run in a defined state. */

import { toReport, type OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { HostId, RunId } from '../../lib/model/ids.ts';
import { imageMade } from '../../lib/model/operation.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import type { Task } from '../../lib/model/task.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { Live } from '../connections/live.ts';
import type { RunTokens } from './run-tokens.ts';
import type { SessionBoard } from '../sessions/session-board.ts';
import type { Store } from '../store/store.ts';
import { CapturedImages } from './captured-images.ts';
import { DataAccess } from './data-access.ts';
import { Effects } from './effects.ts';
import { Gathering } from './gathering.ts';
import { GraceTimers } from './grace-timers.ts';
import { Overdue } from './overdue.ts';
import { Presence } from './presence.ts';
import { Reports } from './reports.ts';
import { Runs } from './runs.ts';
import { Scheduler } from './scheduler.ts';
import { SessionOutcomes } from './session-outcomes.ts';

export type WorkOptions = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly live: Live;
  readonly tokens: RunTokens;
  readonly sessions: SessionBoard;
  readonly log: Log;
  /** What operators are to know of. */
  readonly tell: (event: LogEvent) => void;
  /** How long a run stays "running" after its engine's connection was lost. */
  readonly graceMs: number;
  /** How many versions of an image are kept. */
  readonly keepVersions: number;
  readonly onChanged: () => void;
  /** Milliseconds since 1970; the system's clock when absent. */
  readonly clock?: () => number;
  /** Milliseconds on the clock that nobody sets; performance.now() when absent. */
  readonly uptime?: () => number;
};

export class Work {
  readonly presence: Presence;
  readonly scheduler: Scheduler;
  readonly reports: Reports;
  readonly dataAccess: DataAccess;
  readonly overdue: Overdue;
  readonly #options: WorkOptions;
  readonly #runs: Runs;
  readonly #graceTimers: GraceTimers;
  readonly #capturedImages: CapturedImages;

  constructor(options: WorkOptions) {
    const { store, images, live, tokens, sessions, log, tell, onChanged } = options;
    const clock = options.clock ?? Date.now;
    const uptime = options.uptime ?? (() => performance.now());
    const gathering = new Gathering({ store, live, sessions, clock });
    const graceTimers = new GraceTimers(options.graceMs, (runId, reason) =>
      this.#giveUp(runId, reason),
    );
    const { keepVersions } = options;
    const capturedImages = new CapturedImages({ store, images, keepVersions, log, clock });
    const forget = (runId: RunId): void => {
      this.reports.forget(runId);
      capturedImages.forget(runId);
    };
    const effects = new Effects({
      ...{ live, images, sessions, gathering, graceTimers },
      ...{ forget, log, onChanged },
    });
    const runs = new Runs(store, effects, clock);
    this.#options = options;
    this.#runs = runs;
    this.#graceTimers = graceTimers;
    this.#capturedImages = capturedImages;
    this.overdue = new Overdue({ runs, store, live, log, uptime });
    this.reports = new Reports({
      ...{ runs, capturedImages, store, live, onChanged },
      awaitLost: (hostId) => this.presence.awaitLost(hostId),
    });
    this.presence = new Presence({
      ...{ runs, reports: this.reports, graceTimers },
      ...{ live, store, images, onChanged },
    });
    this.scheduler = new Scheduler({
      ...{ runs, overdue: this.overdue, tokens, store, live },
      preparation: { store, images, gathering },
    });
    this.dataAccess = new DataAccess({ runs, tokens, store, capturedImages });
    sessions.listener = new SessionOutcomes({ runs, store, live, log, tell });
  }

  /** After a start of the server: what was under way waits for its engines, what has waited too long ends. */
  async resumeAfterRestart(): Promise<void> {
    await this.overdue.start();
    await this.presence.resumeAfterRestart();
  }

  /** Before the server stops: no more timers; runs stay as they are in the store. */
  close(): void {
    this.overdue.close();
    this.#graceTimers.close();
  }

  /** New work is in the store for these hosts: those that are connected are told. */
  notifyHosts({ runs }: Task): void {
    const { live, onChanged } = this.#options;
    for (const run of runs) live.engineOf(run.hostId)?.notifyWork();
    onChanged();
  }

  /** Ends a run that has not ended, as an operator wishes. */
  async cancel(runId: RunId, operator: string): Promise<void> {
    const item = this.#runs.find(runId);
    if (item === undefined) return;
    const engine = this.#options.live.engineOf(item.run.hostId);
    // The engine first: disks may be being written while the store waits for its own.
    engine?.notifyCancel(runId, 'aborted', `cancelled by ${operator}`);
    // Before the store is written: what was staged may be why it cannot be.
    await this.#capturedImages.abandon(item, (id) => this.reports.settled(id));
    const isEngineConnected = engine !== undefined;
    await this.#runs.apply(runId, { type: 'cancelled', operator, isEngineConnected });
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
    const lost = `${reason}, and it did not come back`;
    this.#runs.apply(runId, { type: 'engine-lost', reason: lost }).catch((error: unknown) => {
      this.#options.log.error({ event: 'fault', run: runId, error }, 'interrupting a run failed');
    });
  }
}
