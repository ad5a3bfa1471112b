/** What becomes of runs when engines come and go. */

import { unreachable } from '../../lib/unreachable.ts';
import type { HostId, RunId } from '../../lib/model/ids.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { Run } from '../../lib/model/task.ts';
import type { EngineLink, Live } from '../connections/live.ts';
import type { Store } from '../store/store.ts';
import type { GraceTimers } from './grace-timers.ts';
import type { Reports } from './reports.ts';
import { fateOnArrival } from './arrival.ts';
import type { Runs } from './runs.ts';
import { isCaptured } from './store-image.ts';

const STARTED_ANEW = 'the host was started anew while the run was under way';

export type PresenceOptions = {
  readonly runs: Runs;
  readonly reports: Reports;
  readonly graceTimers: GraceTimers;
  readonly live: Live;
  readonly store: Store;
  readonly images: ImageStore;
  readonly onChanged: () => void;
};

export class Presence {
  readonly #options: PresenceOptions;
  /** The latest arrival of an engine of each host: the next one waits for it. */
  readonly #arrivals = new Map<HostId, Promise<unknown>>();

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** After a start of the server: every run that was under way waits for its engine, but not for ever. */
  async resumeAfterRestart(): Promise<void> {
    const { runs } = this.#options;
    const reason = 'the server was restarted while the run was under way';
    for (const { run } of runs.filter(({ state }) => state === 'running')) {
      await runs.tell(run.id, { type: 'engine-missing', reason });
    }
  }

  /**
   * An engine has logged on. A run of its host that is in the middle of an operation of which the engine knows nothing
   * is restarted, or interrupted: another start of the engine had it. Returns whether the engine goes on with
   * `activeRunId`.
   */
  async engineConnected(engine: EngineLink, activeRunId: RunId | null): Promise<boolean> {
    this.#options.live.setEngine(engine);
    const before = this.#arrivals.get(engine.hostId) ?? Promise.resolve();
    const arrival = before
      .catch(() => undefined)
      .then(async () => this.#reconcile(engine, activeRunId));
    this.#arrivals.set(engine.hostId, arrival);
    return arrival;
  }

  /** The engine's connection is over; its run waits for it a while. */
  engineDisconnected(engine: EngineLink, reason: string): void {
    if (!this.#options.live.removeEngine(engine)) return;
    this.#awaitEngine(engine.hostId, `the connection to the host was lost (${reason})`, () => true);
    this.#options.onChanged();
  }

  /** Whatever of the host is under way waits for its engine no longer than the grace time, when none is connected. */
  awaitLost(hostId: HostId): void {
    const { live, graceTimers } = this.#options;
    if (live.engineOf(hostId) !== undefined) return;
    const reason = 'the connection to the host was lost while the run was under way';
    this.#awaitEngine(hostId, reason, (runId) => !graceTimers.isWaiting(runId));
  }

  #awaitEngine(hostId: HostId, reason: string, isConcerned: (runId: RunId) => boolean): void {
    const { runs } = this.#options;
    for (const { run } of runs.runningOn(hostId)) {
      if (isConcerned(run.id)) void runs.tell(run.id, { type: 'engine-missing', reason });
    }
  }

  async #reconcile(engine: EngineLink, activeRunId: RunId | null): Promise<boolean> {
    const { runs, images, onChanged } = this.#options;
    const resumable = runs.resumable();
    const begun = runs.filter(({ hostId }) => hostId === engine.hostId);
    let goesOn = false;
    for (const { run } of begun) {
      const arrival = { instanceId: engine.instanceId, activeRunId };
      const fate = fateOnArrival(run, arrival, resumable.has(run.id));
      switch (fate) {
        case 'goes-on':
          await runs.apply(run.id, { type: 'engine-returned' });
          goesOn = true;
          break;
        case 'assigned-again':
          await runs.tell(run.id, { type: 'engine-connected' });
          break;
        case 'restarts':
          await this.#restart(run);
          break;
        case 'is-lost':
          await runs.apply(run.id, { type: 'engine-lost', reason: STARTED_ANEW });
          // Nobody will finish it now: what was staged of it is of no use.
          await images.discard(run.id);
          break;
        case 'unconcerned':
          break;
        default:
          unreachable(fate);
      }
    }
    // The engine may have left meanwhile, when nothing was known yet of what it has.
    this.awaitLost(engine.hostId);
    onChanged();
    return goesOn;
  }

  async #restart({ id, restarts }: Run): Promise<void> {
    const { runs, reports, images, store, graceTimers } = this.#options;
    graceTimers.stop(id);
    // The last words of the start before, if they are still under way.
    await reports.settled(id);
    await images.discard(id);
    await runs.apply(id, {
      ...{ type: 'engine-restarted', reason: STARTED_ANEW, restarts },
      isCaptured: isCaptured(store.read().images, id),
    });
  }
}
