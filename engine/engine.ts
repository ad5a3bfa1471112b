/** The engine: fetches one operation after another, carries it out, and reports it. */

import { OperatorError, toReport } from '../lib/errors.ts';
import { run } from '../lib/exec/run.ts';
import type { Log } from '../lib/log.ts';
import type { EngineInstanceId, RunId } from '../lib/model/ids.ts';
import type { ShutdownMode, WorkOperation } from '../lib/model/operation.ts';
import { mkdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { unlessStopped, WorkStopped } from './abort.ts';
import { releaseLeftProtection } from './checks/protect.ts';
import { planOperation } from './operations/table.ts';
import type { OperationContext } from './operations/context.ts';
import { ProgressMeter } from './progress.ts';
import { RunReporter } from './run-reporter.ts';
import { ServerLink } from './server-link.ts';
import { carryOut, type OperationEnd } from './step-runner.ts';
import { holdLock } from './tools/flock.ts';
import { collectSystemInfo } from './system-info/collect.ts';

const ASK_AGAIN_MS = 5000;
/** What a run under way gets to clean up and to be reported in, when the engine is told to end. */
const STOP_MS = 5000;

export type EngineOptions = {
  readonly serverHost: string;
  readonly serverPort: number;
  readonly certificate: string;
  readonly instanceId: EngineInstanceId;
  /** The only disks this engine may see; null for all of the host's. */
  readonly onlyDisks: readonly string[] | null;
  readonly stateDirectory: string;
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
  #workIsKnown = true;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#link = new ServerLink({
      host: options.serverHost,
      port: options.serverPort,
      certificate: options.certificate,
      instanceId: options.instanceId,
      systemInfo: () => this.#systemInfo(),
      activeRunId: () => this.#active?.runId ?? null,
      log: options.log,
      onOnline: () => this.#expectWork(),
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
    const released = await releaseLeftProtection(run, stateDirectory);
    if (released.length > 0)
      log.info({ event: 'released', disks: released }, 'left by a killed engine');
    void this.#link.keepConnected();
    for (;;) {
      await this.#untilWorkIsExpected();
      const operation = await this.#fetch();
      if (operation === null) continue;
      const end = await this.#carryOut(operation);
      if (operation.type === 'shutdown' && end.outcome === 'completed') {
        await this.#link
          .callOnceOnline('logoff', { reason: operation.mode })
          .catch(() => undefined);
        this.#link.close('logged off');
        await this.#unlock();
        return operation.mode;
      }
      await this.#link.refreshSystemInfo().catch((error: unknown) => {
        log.warn({ event: 'refresh-failed', error }, 'telling the server of the host');
      });
    }
  }

  /** Stops a run under way and gives the connection up, because the engine itself is told to end. */
  async stop(reason: string): Promise<void> {
    this.#active?.stop.abort(new WorkStopped('aborted', reason));
    // The run's end is reported if the server is there to hear it; clean-up takes at most about two seconds.
    await Promise.race([this.#idle(), setTimeout(STOP_MS, undefined, { ref: false })]);
    this.#link.close(reason);
    await this.#unlock?.();
  }

  async #idle(): Promise<void> {
    while (this.#active !== null) await setTimeout(20);
  }

  async #systemInfo(): ReturnType<typeof collectSystemInfo> {
    return collectSystemInfo(run, { onlyDisks: this.#options.onlyDisks });
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

  /** The next operation, or null when there is none now. */
  async #fetch(): Promise<WorkOperation | null> {
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
    const reporter = new RunReporter({
      link: this.#link,
      runId,
      firstSequence: this.#sequences?.runId === runId ? this.#sequences.next : 1,
      progress: () => meter.report(),
    });
    log.info({ event: 'operation', run: runId, type: operation.type }, 'operation begins');
    let end: OperationEnd;
    try {
      const context = this.#context(reporter, stop.signal);
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
    try {
      await reporter.send(end);
    } catch (error) {
      log.error({ event: 'report-refused', run: runId, report: toReport(error) }, 'server refused');
    }
    this.#sequences = { runId, next: reporter.nextSequence };
    reporter.close();
    this.#active = null;
    this.#workIsKnown = true;
    return end;
  }

  #context(reporter: RunReporter, signal: AbortSignal): OperationContext {
    return {
      run: (tool, args, options = {}) => run(tool, args, { signal, ...options }),
      cleanUpRun: run,
      link: this.#link,
      log: this.#options.log,
      signal,
      events: {
        send: (event) => reporter.send(event),
        tell: (event) => reporter.tell(event),
        fault: (what, error) =>
          this.#options.log.error({ event: 'fault', report: toReport(error) }, what),
      },
      systemInfo: () => this.#systemInfo(),
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
