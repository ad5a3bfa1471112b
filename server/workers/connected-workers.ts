/** ConnectedWorkers: the workers that are connected, and the progress of their runs; nothing of it is stored. */

import type { EngineInstanceId, HostId, RunId } from '../../lib/model/ids.ts';
import type { Sha256 } from '../../lib/model/names.ts';
import type { Progress } from '../../lib/model/step.ts';
import type { RunProgress } from '../../lib/model/task.ts';
import { HostWorkerKind } from '../../lib/model/worker.ts';
import type { ToldEnd } from '../../lib/protocol/connection-end.ts';

/** Workers report once a second: after SILENT_MS nothing comes any more, whatever the last report said of rates. */
const SILENT_MS = 5000;

/** The engine or the agent of one host, as the rest of the server sees it. */
export type WorkerLink = {
  readonly hostId: HostId;
  readonly kind: HostWorkerKind;
  /** Whether it restarts its host when it is told to: engines of older versions do not. */
  readonly canRestart: boolean;
  readonly instanceId: EngineInstanceId;
  /** Where it connects from: an IPv4 or IPv6 address. */
  readonly address: string;
  /** SHA-256 of the secret that it gave; null: none. */
  readonly proof: Sha256 | null;
  /** Whether it answers now; at most a heartbeat later it is said not to. */
  readonly isAnswering: () => Promise<boolean>;
  readonly notifyWork: () => void;
  readonly notifyCancel: (runId: RunId, outcome: 'aborted' | 'failed', reason: string) => void;
  readonly close: (end: ToldEnd) => void;
};

export class ConnectedWorkers {
  /** By host and kind. */
  readonly #workers = new Map<string, WorkerLink>();
  readonly #progress = new Map<RunId, { readonly last: RunProgress; readonly at: number }>();
  readonly #clock: () => number;

  /** `clock`: milliseconds, never set back. */
  constructor(clock = (): number => performance.now()) {
    this.#clock = clock;
  }

  /** The worker that is on the host now: a host is in one of its systems at a time. */
  workerOn(hostId: HostId): WorkerLink | undefined {
    return this.workersOn(hostId)[0];
  }

  /** All that are on the host: more than one only while the host goes from one of its systems to the other. */
  workersOn(hostId: HostId): WorkerLink[] {
    return HostWorkerKind.options.flatMap((kind) => this.workerOf(hostId, kind) ?? []);
  }

  workerOf(hostId: HostId, kind: HostWorkerKind): WorkerLink | undefined {
    return this.#workers.get(keyOf({ hostId, kind }));
  }

  get workers(): WorkerLink[] {
    return [...this.#workers.values()];
  }

  /** Hosts with a worker. */
  get hosts(): Set<HostId> {
    return new Set(this.workers.map(({ hostId }) => hostId));
  }

  /** Takes the worker as its host's; an older connection of the same kind and host is closed. */
  setWorker(worker: WorkerLink): void {
    const before = this.#workers.get(keyOf(worker));
    this.#workers.set(keyOf(worker), worker);
    before?.close('end.connected-again');
  }

  /** Forgets `worker`, unless a newer connection has taken its place. Returns whether it was the current one. */
  removeWorker(worker: WorkerLink): boolean {
    if (this.#workers.get(keyOf(worker)) !== worker) return false;
    return this.#workers.delete(keyOf(worker));
  }

  /** Of every run under way; one whose worker has fallen silent stands still. */
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

function keyOf({ hostId, kind }: Pick<WorkerLink, 'hostId' | 'kind'>): string {
  return `${hostId} ${kind}`;
}

function atRest({ step, total, ...progress }: RunProgress): RunProgress {
  const still = (each: Progress): Progress => ({ ...each, bytesPerSecond: 0, remainingMs: null });
  return { ...progress, step: step === null ? null : still(step), total: still(total) };
}
