/** What is true only while the server runs: engines that are connected, and how far their runs are. */

import type { EngineInstanceId, HostId, RunId } from '../../lib/model/ids.ts';
import type { Sha256 } from '../../lib/model/names.ts';
import type { Progress } from '../../lib/model/step.ts';
import type { RunProgress } from '../../lib/model/task.ts';

/** Engines report once a second: after so long nothing comes any more, whatever the last report said of rates. */
const SILENT_MS = 5000;

/** The engine of one host, as the rest of the server sees it. */
export type EngineLink = {
  readonly hostId: HostId;
  readonly instanceId: EngineInstanceId;
  /** Where it connects from: an IPv4 or IPv6 address. */
  readonly address: string;
  /** SHA-256 of the secret that it gave; null: none. */
  readonly proof: Sha256 | null;
  /** Whether it answers now; at most a heartbeat later it is said not to. */
  readonly isAnswering: () => Promise<boolean>;
  readonly notifyWork: () => void;
  readonly notifyCancel: (runId: RunId, outcome: 'aborted' | 'failed', reason: string) => void;
  readonly close: (reason: string) => void;
};

export class Live {
  readonly #engines = new Map<HostId, EngineLink>();
  readonly #progress = new Map<RunId, { readonly last: RunProgress; readonly at: number }>();
  readonly #clock: () => number;

  /** `clock`: milliseconds, never set back. */
  constructor(clock = (): number => performance.now()) {
    this.#clock = clock;
  }

  engineOf(hostId: HostId): EngineLink | undefined {
    return this.#engines.get(hostId);
  }

  get engines(): EngineLink[] {
    return [...this.#engines.values()];
  }

  /** Takes the engine as its host's; an older connection of the same host is closed. */
  setEngine(engine: EngineLink): void {
    const before = this.#engines.get(engine.hostId);
    this.#engines.set(engine.hostId, engine);
    before?.close('the host has connected again');
  }

  /** Forgets `engine`, unless a newer connection has taken its place: answers whether it was the current one. */
  removeEngine(engine: EngineLink): boolean {
    return this.#engines.get(engine.hostId) === engine && this.#engines.delete(engine.hostId);
  }

  /** Of every run under way; one whose engine has fallen silent stands still. */
  get progress(): RunProgress[] {
    const isSilent = this.#silence();
    return [...this.#progress.values()].map((each) =>
      isSilent(each) ? atRest(each.last) : each.last,
    );
  }

  /** How many of them stand still: nobody says so when that begins. */
  get silentCount(): number {
    return [...this.#progress.values()].filter(this.#silence()).length;
  }

  #silence(): (each: { readonly at: number }) => boolean {
    const limit = this.#clock() - SILENT_MS;
    return ({ at }) => at < limit;
  }

  setProgress(progress: RunProgress): void {
    this.#progress.set(progress.runId, { last: progress, at: this.#clock() });
  }

  removeProgress(runId: RunId): void {
    this.#progress.delete(runId);
  }
}

function atRest({ step, total, ...progress }: RunProgress): RunProgress {
  const still = (each: Progress): Progress => ({ ...each, bytesPerSecond: 0, remainingMs: null });
  return { ...progress, step: step === null ? null : still(step), total: still(total) };
}
