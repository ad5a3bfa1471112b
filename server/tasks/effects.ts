/** Does what follows from the transitions of runs: the only place where that happens. */

import { unreachable } from '../../lib/unreachable.ts';
import type { Log } from '../../lib/log.ts';
import type { HostId, RunId } from '../../lib/model/ids.ts';
import type { Run } from '../../lib/model/task.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { ConnectedWorkers } from '../workers/connected-workers.ts';
import type { MulticastSessions } from '../sessions/multicast-sessions.ts';
import type { Gathering } from './gathering.ts';
import type { RunTimers } from './run-timers.ts';
import type { Effect } from './work-event.ts';

export type EffectsOptions = {
  readonly connected: ConnectedWorkers;
  readonly images: ImageStore;
  readonly sessions: MulticastSessions;
  readonly gathering: Gathering;
  readonly timers: RunTimers;
  /** Lets the one who does the host's next operation know of it. */
  readonly offerWork: (hostId: HostId) => void;
  /** Stops what the server itself does of the run. */
  readonly stopOwn: (runId: RunId, reason: string) => void;
  /** Forgets what is kept in memory of a run that has ended. */
  readonly forget: (runId: RunId) => void;
  readonly log: Log;
  readonly onChanged: () => void;
};

export class Effects {
  readonly #options: EffectsOptions;

  constructor(options: EffectsOptions) {
    this.#options = options;
  }

  /** In their order; one that fails keeps those after it from happening. */
  async perform(run: Run, effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) await this.#perform(run, effect);
    this.#options.onChanged();
  }

  async #perform(run: Run, effect: Effect): Promise<void> {
    const { connected, images, sessions, gathering, timers, log } = this.#options;
    const { id: runId, hostId: host } = run;
    switch (effect.type) {
      case 'await-worker':
        timers.awaitWorker(runId, effect.reason);
        return;
      case 'await-arrival':
        timers.awaitArrival(runId, effect.of);
        return;
      case 'stop-awaiting':
        timers.stop(runId);
        return;
      case 'offer-work':
        this.#options.offerWork(host);
        return;
      case 'stop-work':
        connected.workerOn(host)?.notifyCancel(runId, 'aborted', effect.reason);
        this.#options.stopOwn(runId, effect.reason);
        return;
      case 'end-receiving':
        if (gathering.isReceiving(runId, effect.sessionId)) {
          connected.workerOn(host)?.notifyCancel(runId, 'failed', effect.reason);
        }
        return;
      case 'mark-ready':
        sessions.markReady(runId);
        return;
      case 'leave-session':
        gathering.leave(run);
        return;
      case 'recount-session':
        gathering.recount(run.taskId);
        return;
      case 'forget-progress':
        connected.removeProgress(runId);
        return;
      case 'log-end': {
        const { state, error: report } = run;
        log.info({ event: 'run-ended', run: runId, host, state, report }, 'run ended');
        return;
      }
      case 'log-restart': {
        const { reason } = effect;
        log.warn({ event: 'begin-again', run: runId, state: run.state, reason }, 'run restarted');
        return;
      }
      case 'log-drop':
        log.warn({ event: 'dropped', run: runId, host, session: effect.sessionId }, effect.reason);
        return;
      case 'release':
        this.#options.forget(runId);
        await images.discard(runId);
        return;
      default:
        unreachable(effect);
    }
  }
}
