/** One operation of a run: planned, run step by step, logged, shown and reported. */

import { toReport } from '../lib/errors.ts';
import { run, ToolFailure, type Run } from '../lib/exec/run.ts';
import type { Log } from '../lib/log.ts';
import { traitsOf, type EngineOperation } from '../lib/model/operation.ts';
import type { ShutdownMode } from '../lib/model/operations/shutdown.ts';
import type { SystemInfo } from '../lib/model/system-info.ts';
import type { RunEvent } from '../lib/protocol/engine-api.ts';
import { raceAbort } from './abort.ts';
import { titleText, workTitle } from './console/operation-title.ts';
import type { Activity } from './console/state.ts';
import { screenTexts } from './console/text/catalogue.ts';
import { OperationTracker } from './console/operation-tracker.ts';
import type { LingeringWriters } from './disk/lingering-writers.ts';
import { settleWithin } from './settle-within.ts';
import type { OperationContext } from './operations/context.ts';
import { planOperation } from './operations/table.ts';
import { ProgressMeter } from './progress.ts';
import { logError, logEvent } from './run-log-events.ts';
import { RunLog, type LineCounter } from './run-log.ts';
import { RunReporter } from './run-reporter.ts';
import type { ServerLink } from './server-link.ts';
import { runSteps, type EventSink, type OperationEnd } from './step-runner.ts';

/** What every operation of this engine works with. */
export type OperationEnvironment = {
  readonly link: ServerLink;
  readonly log: Log;
  readonly logLines: LineCounter;
  readonly show: (activity: Activity) => void;
  readonly systemInfo: () => Promise<SystemInfo>;
  readonly lingeringWriters: LingeringWriters;
  readonly workDirectory: string;
  readonly serverHost: string;
};

type Done = {
  readonly end: OperationEnd;
  /** How the host is to be left; null: the engine goes on. */
  readonly leave: ShutdownMode | null;
};

export type OperationResult = Pick<Done, 'leave'> & {
  /** The number of the run's next event. */
  readonly nextSequence: number;
};

/** Resolves when the server has the report of how it ended, or has refused it; what ends the engine waits `farewellMs` for that at most. */
export async function runOperation(
  operation: EngineOperation,
  environment: OperationEnvironment,
  options: {
    readonly firstSequence: number;
    readonly signal: AbortSignal;
    readonly farewellMs: number;
  },
): Promise<OperationResult> {
  const { link, log, logLines, show } = environment;
  const { firstSequence, signal, farewellMs } = options;
  const { runId, operationIndex } = operation;
  const meter = new ProgressMeter();
  const progress = () => meter.report();
  const runLog = new RunLog({ secrets: [operation.token], counter: logLines });
  const reporter = new RunReporter({ link, runId, firstSequence, progress, log: runLog });
  const title = workTitle(operation);
  const tracker = new OperationTracker({ title, progress, show });
  runLog.add('info', `operation ${operationIndex + 1}: ${titleText(screenTexts('en'), title)}`);
  log.info({ event: 'operation', run: runId, type: operation.type }, 'operation begins');
  const events = eventSink(reporter, runLog, tracker, log);
  const context = contextOf(environment, runLog, events, signal);
  const { end, leave } = await planAndRun(operation, meter, context);
  log.info({ event: 'operation-ended', run: runId, end }, 'operation ended');
  logEvent(runLog, end);
  tracker.end(end);
  try {
    const reported = reporter.send(end);
    // A host that is to be switched off is switched off, even if the server was so first.
    await (traitsOf(operation).endsWorker ? settleWithin(farewellMs, reported) : reported);
  } catch (error) {
    log.error({ event: 'report-refused', run: runId, report: toReport(error) }, 'server refused');
  }
  const { nextSequence } = reporter;
  reporter.close();
  return { leave, nextSequence };
}

async function planAndRun(
  operation: EngineOperation,
  meter: ProgressMeter,
  context: OperationContext,
): Promise<Done> {
  const { operationIndex } = operation;
  const { signal, events } = context;
  try {
    const planning = planOperation(operation, context);
    const planned = await raceAbort(signal, 'planning', planning).catch((error: unknown) => {
      // Stopped meanwhile: what planning will have taken is given back.
      planning.then((late) => late.release()).catch(() => undefined);
      throw error;
    });
    const end = await runSteps(planned, operationIndex, meter, events, signal);
    return { end, leave: end.outcome === 'completed' ? planned.leave : null };
  } catch (error) {
    return { end: failedPlanning(operationIndex, error), leave: null };
  }
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

/** Events go to the server, to the run's log and to the host's screen. */
function eventSink(
  reporter: RunReporter,
  runLog: RunLog,
  tracker: OperationTracker,
  log: Log,
): EventSink {
  const note = (event: RunEvent): void => {
    logEvent(runLog, event);
    tracker.note(event);
  };
  return {
    emitDurably: (event) => {
      note(event);
      return reporter.send(event);
    },
    emit: (event) => {
      note(event);
      reporter.tell(event);
    },
    fault: (what, error) => {
      const report = toReport(error);
      log.error({ event: 'fault', report }, what);
      runLog.add('error', what);
      logError(runLog, report);
    },
  };
}

function contextOf(
  environment: OperationEnvironment,
  runLog: RunLog,
  events: EventSink,
  signal: AbortSignal,
): OperationContext {
  const { link, log, systemInfo, lingeringWriters, workDirectory, serverHost } = environment;
  const runAndLog = logged(run, runLog);
  return {
    run: (tool, args, options = {}) => runAndLog(tool, args, { signal, ...options }),
    cleanUpRun: runAndLog,
    link,
    log,
    signal,
    events,
    systemInfo,
    lingeringWriters,
    workDirectory,
    serverHost,
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
