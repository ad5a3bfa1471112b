/** The engine: fetches one operation after another, carries it out, and reports it. */

import { OperatorError, toReport } from '../lib/errors.ts';
import { holdLock } from '../lib/exec/flock.ts';
import { run, ToolFailure, type Run } from '../lib/exec/run.ts';
import type { Log } from '../lib/log.ts';
import type { EngineInstanceId, EngineSecret, RunId } from '../lib/model/ids.ts';
import type { MacAddress } from '../lib/model/names.ts';
import type { ShutdownMode } from '../lib/model/operations/shutdown.ts';
import type { AssignedOperation, WorkOperation } from '../lib/model/operation.ts';
import type { EngineVersion, SystemInfo } from '../lib/model/system-info.ts';
import type { HostStanding, RunEvent } from '../lib/protocol/engine-api.ts';
import { mkdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { unlessStopped, WorkStopped } from './abort.ts';
import { releaseLeftProtection } from './checks/protect.ts';
import { problemOf } from './console/connection-problem.ts';
import { titleText, workTitle } from './console/operation-title.ts';
import { screenTexts } from './console/text/catalogue.ts';
import type { Activity, Connection, ConsoleState } from './console/state.ts';
import { WorkWatch } from './console/work-watch.ts';
import { LingeringWriters } from './disk/lingering-writers.ts';
import { bootSecret } from './boot-secret.ts';
import { noLongerThan } from './no-longer-than.ts';
import { planOperation } from './operations/table.ts';
import type { OperationContext } from './operations/context.ts';
import { ProgressMeter } from './progress.ts';
import { logError, logEvent } from './run-log-events.ts';
import { RunLog, type LineCounter } from './run-log.ts';
import { RunReporter } from './run-reporter.ts';
import { ServerLink } from './server-link.ts';
import { carryOut, type OperationEnd } from './step-runner.ts';
import { collectSystemInfo } from './system-info/collect.ts';

const ASK_AGAIN_MS = 5000;
/** What a run under way gets to clean up and to be reported in, when the engine is told to end. */
const STOP_MS = 5000;
/** What a host that shall be switched off or started anew waits for a server that is gone. */
const FAREWELL_MS = 5000;
/** A clock that is off by less is left alone. */
const CLOCK_OFF_MS = 60_000;

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
  /** Told what the host's screen shall show. */
  readonly show: (change: Partial<ConsoleState>) => void;
  /** Sets the system clock; null for a machine whose clock is not ours to set. */
  readonly setClock: ((epochMs: number) => Promise<void>) | null;
  readonly log: Log;
};

export class Engine {
  readonly #options: EngineOptions;
  readonly #link: ServerLink;
  /** The run under way, how to stop it, and the number of its next event. */
  #active: { readonly runId: RunId; readonly stop: AbortController } | null = null;
  /** Runs that were cancelled while they were not under way here. */
  readonly #stoppedEarly = new Map<RunId, WorkStopped>();
  #sequences: { readonly runId: RunId; readonly next: number } | null = null;
  #wake: (() => void) | null = null;
  /** Lets the state directory go. */
  #unlock: (() => Promise<void>) | undefined;
  #secret: EngineSecret | null = null;
  #workIsKnown = true;
  #standing: HostStanding | null = null;
  #connection: Connection = { type: 'offline', since: Date.now(), attempts: 0, problem: null };
  readonly #logLines: LineCounter = { next: 1 };
  readonly #lingeringWriters = new LingeringWriters();

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
        this.#expectWork();
      },
      onOffline: (problem, attempts) => this.#noteOffline(problem, attempts),
      onStanding: (standing) => this.#noteStanding(standing),
      onServerTime: (epochMs) => this.#checkClock(epochMs),
      onWorkAvailable: () => this.#expectWork(),
      onCancel: (runId, outcome, reason) => {
        const stopped = new WorkStopped(outcome, reason);
        if (this.#active?.runId === runId) this.#active.stop.abort(stopped);
        else if (outcome === 'aborted') this.#stoppedEarly.set(runId, stopped);
      },
    });
  }

  /** Works until an operation ends the engine; answers how the host is to be left. */
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
      await this.#untilWorkIsExpected();
      const operation = await this.#fetch();
      if (operation === null) continue;
      // Another worker does the host's next operation; what the host starts from, the boot loader is told.
      if (operation.type === 'restart')
        return this.#leave('reboot', `to start from ${operation.into}`);
      const end = await this.#carryOut(operation);
      if (operation.type === 'shutdown' && end.outcome === 'completed') {
        return this.#leave(operation.mode, operation.mode);
      }
      await this.#link.refreshSystemInfo().catch((error: unknown) => {
        log.warn({ event: 'refresh-failed', error }, 'telling the server of the host');
      });
    }
  }

  async #leave(mode: ShutdownMode, reason: string): Promise<ShutdownMode> {
    this.#show({ type: 'leaving', mode });
    await noLongerThan(FAREWELL_MS, this.#link.callOnceOnline('logoff', { reason }));
    this.#link.close('logged off');
    // The program that holds the lock may need a root file system that is gone.
    if (this.#unlock !== undefined) await noLongerThan(1000, this.#unlock());
    return mode;
  }

  /** Stops a run under way and gives the connection up, because the engine itself is told to end. */
  async stop(reason: string): Promise<void> {
    this.#show({ type: 'leaving', mode: 'exit' });
    this.#active?.stop.abort(new WorkStopped('aborted', reason));
    // The run's end is reported if the server is there to hear it; clean-up takes at most about two seconds.
    await noLongerThan(STOP_MS, this.#idle());
    this.#link.close(reason);
    await this.#unlock?.();
  }

  async #idle(): Promise<void> {
    while (this.#active !== null) await setTimeout(20);
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
    if (wasPending && standing.approval === 'approved') this.#expectWork();
  }

  /** So that logs have the right time. Work does not depend on it, and goes on with a wrong one. */
  async #checkClock(epochMs: number): Promise<void> {
    const { setClock, log } = this.#options;
    const offByMs = Date.now() - epochMs;
    if (setClock === null || Math.abs(offByMs) < CLOCK_OFF_MS) return;
    try {
      await setClock(epochMs);
      log.info({ event: 'clock-set', offByMs }, 'the clock is set to the time of the server');
    } catch (error) {
      log.warn({ event: 'clock-wrong', offByMs, error }, 'the clock could not be set');
    }
  }

  #expectWork(): void {
    this.#workIsKnown = true;
    this.#wake?.();
  }

  async #untilWorkIsExpected(): Promise<void> {
    while (!this.#workIsKnown) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#workIsKnown = false;
  }

  /** The next operation or an order, or null when there is none now. */
  async #fetch(): Promise<Exclude<AssignedOperation, { type: 'idle' }> | null> {
    try {
      const operation = await this.#link.callOnceOnline('nextOperation', {});
      return operation.type === 'idle' ? null : operation;
    } catch (error) {
      // After a lost connection the next logon asks again; a server in trouble is asked again a little later.
      this.#options.log.warn({ event: 'fetch-failed', report: toReport(error) }, 'asking for work');
      void setTimeout(ASK_AGAIN_MS).then(() => this.#expectWork());
      return null;
    }
  }

  async #carryOut(operation: WorkOperation): Promise<OperationEnd> {
    const { log } = this.#options;
    const { runId, operationIndex } = operation;
    const stop = new AbortController();
    this.#active = { runId, stop };
    // The order to stop may overtake the operation.
    const stopped = this.#stoppedEarly.get(runId);
    if (stopped !== undefined) stop.abort(stopped);
    const meter = new ProgressMeter();
    const runLog = new RunLog({ secrets: [operation.token], counter: this.#logLines });
    const reporter = new RunReporter({
      link: this.#link,
      runId,
      firstSequence: this.#sequences?.runId === runId ? this.#sequences.next : 1,
      progress: () => meter.report(),
      log: runLog,
    });
    const title = workTitle(operation);
    const watch = new WorkWatch({
      title,
      progress: () => meter.report(),
      show: (activity) => this.#show(activity),
    });
    runLog.add('info', `operation ${operationIndex + 1}: ${titleText(screenTexts('en'), title)}`);
    log.info({ event: 'operation', run: runId, type: operation.type }, 'operation begins');
    let end: OperationEnd;
    try {
      const context = this.#context(reporter, runLog, watch, stop.signal);
      const planning = planOperation(operation, context);
      const planned = await unlessStopped(stop.signal, 'planning', planning).catch(
        (error: unknown) => {
          // Stopped meanwhile: what planning will have taken is given back.
          planning.then((late) => late.release()).catch(() => undefined);
          throw error;
        },
      );
      end = await carryOut(planned, operationIndex, meter, context.events, stop.signal);
    } catch (error) {
      end = failedPlanning(operationIndex, error);
    }
    log.info({ event: 'operation-ended', run: runId, end }, 'operation ended');
    logEvent(runLog, end);
    watch.end(end);
    try {
      const reported = reporter.send(end);
      // A host that shall be switched off is, even if the server was so first.
      await (operation.type === 'shutdown' ? noLongerThan(FAREWELL_MS, reported) : reported);
    } catch (error) {
      log.error({ event: 'report-refused', run: runId, report: toReport(error) }, 'server refused');
    }
    this.#sequences = { runId, next: reporter.nextSequence };
    reporter.close();
    this.#active = null;
    this.#workIsKnown = true;
    return end;
  }

  #context(
    reporter: RunReporter,
    runLog: RunLog,
    watch: WorkWatch,
    signal: AbortSignal,
  ): OperationContext {
    const runAndLog = logged(run, runLog);
    const note = (event: RunEvent): void => {
      logEvent(runLog, event);
      watch.note(event);
    };
    return {
      run: (tool, args, options = {}) => runAndLog(tool, args, { signal, ...options }),
      cleanUpRun: runAndLog,
      link: this.#link,
      log: this.#options.log,
      signal,
      events: {
        send: (event) => {
          note(event);
          return reporter.send(event);
        },
        tell: (event) => {
          note(event);
          reporter.tell(event);
        },
        fault: (what, error) => {
          const report = toReport(error);
          this.#options.log.error({ event: 'fault', report }, what);
          runLog.add('error', what);
          logError(runLog, report);
        },
      },
      systemInfo: () => this.#systemInfo(),
      lingeringWriters: this.#lingeringWriters,
      workDirectory: this.#options.stateDirectory,
      serverHost: this.#options.serverHost,
    };
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

/** What failed before there was a plan: nothing was written. */
function failedPlanning(operationIndex: number, error: unknown): OperationEnd {
  const report = toReport(error);
  return {
    type: 'operation-ended',
    operationIndex,
    outcome: report.code === 'cancelled' ? 'aborted' : 'failed',
    diskOutcome: 'untouched',
    error: report,
  };
}

/** What tools write to their standard error goes to the run's log, also when they end well. */
function logged(inner: Run, runLog: RunLog): Run {
  const add = (title: string, said: string): void => {
    if (said.trim() === '') return;
    runLog.add('info', `${title} says:`);
    runLog.add('info', said.slice(-4000));
  };
  return async (tool, args, options) => {
    try {
      const result = await inner(tool, args, options);
      add(`${tool} (exit status ${result.exitStatus})`, result.stderr);
      return result;
    } catch (error) {
      // A message has a line of it.
      if (error instanceof ToolFailure) add(`${tool}, which failed,`, error.said);
      throw error;
    }
  };
}
