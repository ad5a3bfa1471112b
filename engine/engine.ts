/** The engine: fetches one operation after another and runs it. */

import { mkdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { Latch } from '../lib/async/latch.ts';
import { OperatorError, toReport } from '../lib/errors.ts';
import { holdLock } from '../lib/exec/flock.ts';
import { run } from '../lib/exec/run.ts';
import type { Log } from '../lib/log.ts';
import type { EngineInstanceId, EngineSecret, RunId } from '../lib/model/ids.ts';
import type { MacAddress } from '../lib/model/names.ts';
import type { AssignedToEngine, EngineOperation } from '../lib/model/operation.ts';
import type { ShutdownMode } from '../lib/model/operations/shutdown.ts';
import type { EngineVersion, SystemInfo } from '../lib/model/system-info.ts';
import type { HostStanding } from '../lib/protocol/engine-api.ts';
import { RunStopped } from './abort.ts';
import { bootSecret } from './boot-secret.ts';
import { releaseLeftProtection } from './checks/protect.ts';
import { problemOf } from './console/connection-problem.ts';
import type { Activity, Connection, ConsoleState } from './console/state.ts';
import { LingeringWriters } from './disk/lingering-writers.ts';
import { settleWithin } from './settle-within.ts';
import { runOperation, type OperationEnvironment } from './run-operation.ts';
import { followServerClock } from './server-clock.ts';
import { ServerLink } from './server-link.ts';
import { collectSystemInfo } from './system-info/collect.ts';

const ASK_AGAIN_MS = 5000;
/** What a run under way gets to clean up and to be reported in, when the engine is told to end. */
const STOP_MS = 5000;
/** How long a host that is to be switched off or restarted waits for a server that is gone. */
const FAREWELL_MS = 5000;

export type EngineOptions = {
  readonly serverHost: string;
  readonly serverPort: number;
  readonly certificate: string;
  readonly instanceId: EngineInstanceId;
  /** The only disks this engine may see; null for all of the host's. */
  readonly onlyDisks: readonly string[] | null;
  readonly stateDirectory: string;
  /** The interface that the host booted from; null when that is not known. */
  readonly bootInterface: MacAddress | null;
  readonly version: EngineVersion;
  /** Told what the host's screen is to show. */
  readonly show: (change: Partial<ConsoleState>) => void;
  /** Sets the system clock; null for a machine whose clock is not ours to set. */
  readonly setClock: ((epochMs: number) => Promise<void>) | null;
  readonly log: Log;
};

export class Engine {
  readonly #options: EngineOptions;
  readonly #link: ServerLink;
  /** The operation under way, how to stop it, and when it has ended. */
  #active: {
    readonly runId: RunId;
    readonly stop: AbortController;
    readonly running: Promise<unknown>;
  } | null = null;
  /** Runs that were cancelled while they were not under way here. */
  readonly #stoppedEarly = new Map<RunId, RunStopped>();
  /** The number of the next event of the run that was under way last. */
  #sequences: { readonly runId: RunId; readonly next: number } | null = null;
  /** Lets the state directory go. */
  #unlock: (() => Promise<void>) | undefined;
  #secret: EngineSecret | null = null;
  /** Whether the server may have an operation for this host. */
  readonly #workAvailable = new Latch(true);
  #standing: HostStanding | null = null;
  #connection: Connection = { type: 'offline', since: Date.now(), attempts: 0, problem: null };
  readonly #environment: OperationEnvironment;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#link = new ServerLink({
      host: options.serverHost,
      port: options.serverPort,
      certificate: options.certificate,
      instanceId: options.instanceId,
      secret: () => this.#knownSecret(),
      systemInfo: () => this.#systemInfo(),
      activeRunId: () => this.#active?.runId ?? null,
      bootInterface: options.bootInterface,
      log: options.log,
      onOnline: () => {
        this.#setConnection({ type: 'online' });
        this.#workAvailable.set();
      },
      onOffline: (problem, attempts) => this.#noteOffline(problem, attempts),
      onStanding: (standing) => this.#noteStanding(standing),
      onServerTime: (epochMs) => followServerClock(options.setClock, epochMs, options.log),
      onWorkAvailable: () => this.#workAvailable.set(),
      onCancel: (runId, outcome, reason) => {
        const stopped = new RunStopped(outcome, reason);
        if (this.#active?.runId === runId) this.#active.stop.abort(stopped);
        else if (outcome === 'aborted') this.#stoppedEarly.set(runId, stopped);
      },
    });
    this.#environment = {
      link: this.#link,
      log: options.log,
      logLines: { next: 1 },
      show: (activity) => this.#show(activity),
      systemInfo: () => this.#systemInfo(),
      lingeringWriters: new LingeringWriters(),
      workDirectory: options.stateDirectory,
      serverHost: options.serverHost,
    };
  }

  /** Works until an operation ends the engine; returns how the host is to be left. */
  async work(): Promise<ShutdownMode> {
    const { log, stateDirectory } = this.#options;
    await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
    this.#unlock = await lockOut(stateDirectory);
    this.#secret = await bootSecret(stateDirectory);
    const released = await releaseLeftProtection(run, stateDirectory);
    if (released.length > 0)
      log.info({ event: 'released', disks: released }, 'left by a killed engine');
    void this.#link.keepConnected();
    this.#show({ type: 'idle' });
    for (;;) {
      await this.#workAvailable.wait();
      const operation = await this.#fetch();
      if (operation === null) continue;
      // Another worker does the host's next operation; what the host starts from, the boot loader is told.
      if (operation.type === 'restart')
        return this.#leave('reboot', `to start from ${operation.into}`);
      const mode = await this.#runOperation(operation);
      if (mode !== null) return this.#leave(mode, mode);
      await this.#link.refreshSystemInfo().catch((error: unknown) => {
        log.warn({ event: 'refresh-failed', error }, 'telling the server of the host');
      });
    }
  }

  async #leave(mode: ShutdownMode, reason: string): Promise<ShutdownMode> {
    this.#show({ type: 'leaving', mode });
    await settleWithin(FAREWELL_MS, this.#link.callOnceOnline('logoff', { reason }));
    this.#link.close('end.logged-off');
    // The program that holds the lock may need a root file system that is gone.
    if (this.#unlock !== undefined) await settleWithin(1000, this.#unlock());
    return mode;
  }

  /** Stops a run under way and gives the connection up, because the engine itself is told to end. */
  async stop(reason: string): Promise<void> {
    this.#show({ type: 'leaving', mode: 'exit' });
    this.#active?.stop.abort(new RunStopped('aborted', reason));
    // The run's end is reported if the server is there to hear it; clean-up takes at most about two seconds.
    await settleWithin(STOP_MS, this.#active?.running ?? Promise.resolve());
    this.#link.close('end.done');
    await this.#unlock?.();
  }

  async #systemInfo(): Promise<SystemInfo> {
    const { onlyDisks, version } = this.#options;
    return { ...(await collectSystemInfo(run, { onlyDisks })), engine: version };
  }

  #knownSecret(): EngineSecret {
    if (this.#secret === null) throw new TypeError('logging on before the secret is known');
    return this.#secret;
  }

  #show(activity: Activity): void {
    this.#options.show({ activity });
  }

  #setConnection(connection: Connection): void {
    this.#connection = connection;
    this.#options.show({ connection });
  }

  #noteOffline(problem: unknown, attempts: number): void {
    const { serverHost, serverPort } = this.#options;
    const before = this.#connection;
    this.#setConnection({
      type: 'offline',
      since: before.type === 'offline' ? before.since : Date.now(),
      attempts,
      // That a connection ended says less than why there is no new one.
      problem: attempts === 0 ? null : problemOf(problem, `${serverHost}:${serverPort}`),
    });
  }

  #noteStanding(standing: HostStanding): void {
    const wasPending = this.#standing?.approval === 'pending';
    this.#standing = standing;
    this.#options.show({ standing });
    if (wasPending && standing.approval === 'approved') this.#workAvailable.set();
  }

  /** The next operation or an order, or null when there is none now. */
  async #fetch(): Promise<Exclude<AssignedToEngine, { type: 'idle' }> | null> {
    try {
      const operation = await this.#link.callOnceOnline('nextOperation', {});
      return operation.type === 'idle' ? null : operation;
    } catch (error) {
      // After a lost connection the next logon asks again; a server in trouble is asked again a little later.
      this.#options.log.warn({ event: 'fetch-failed', report: toReport(error) }, 'asking for work');
      void setTimeout(ASK_AGAIN_MS).then(() => this.#workAvailable.set());
      return null;
    }
  }

  /** Returns how the host is to be left then; null: the engine goes on. */
  async #runOperation(operation: EngineOperation): Promise<ShutdownMode | null> {
    const { runId } = operation;
    const stop = new AbortController();
    // The order to stop may overtake the operation.
    const stopped = this.#stoppedEarly.get(runId);
    if (stopped !== undefined) stop.abort(stopped);
    const running = runOperation(operation, this.#environment, {
      firstSequence: this.#sequences?.runId === runId ? this.#sequences.next : 1,
      signal: stop.signal,
      farewellMs: FAREWELL_MS,
    });
    this.#active = { runId, stop, running };
    try {
      const { leave, nextSequence } = await running;
      this.#sequences = { runId, next: nextSequence };
      return leave;
    } finally {
      this.#active = null;
      this.#workAvailable.set();
    }
  }
}

/** Two engines on one host would take it from each other for ever. Throws `not-allowed` when there is another. */
async function lockOut(stateDirectory: string): Promise<() => Promise<void>> {
  const unlock = await holdLock(stateDirectory);
  if (unlock !== null) return unlock;
  throw new OperatorError({
    code: 'not-allowed',
    message: `starting an engine with the state directory ${stateDirectory}: another one uses it`,
    hint: 'End the other engine first.',
  });
}
