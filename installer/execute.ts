/** Does the steps of a plan in order; when one fails, takes back what this run has changed. */

import { describeError, OperatorError, toReport } from '../lib/errors.ts';
import { rollBack } from './changes/roll-back.ts';
import type { Change } from './changes/table.ts';
import type { AfterRollBack, InstallStep, RollBackRest, StepContext } from './step.ts';
import type { System } from './machine/system.ts';

export type StepProgress =
  | { readonly type: 'started'; readonly step: InstallStep }
  | { readonly type: 'done'; readonly step: InstallStep }
  | { readonly type: 'skipped'; readonly step: InstallStep }
  | { readonly type: 'failed'; readonly step: InstallStep; readonly reason: string };

/** The steps that have something to do, found before anything is changed. */
export async function pendingSteps(
  steps: readonly InstallStep[],
  context: StepContext,
): Promise<ReadonlySet<InstallStep>> {
  const pending = new Set<InstallStep>();
  for (const step of steps) if (!(await isDone(step, context))) pending.add(step);
  return pending;
}

/**
 * Throws what the failed step threw, after taking back what the steps before it did; what could not be taken back is
 * named in the hint. When `signal` aborts, the run ends before its next step as if that had failed.
 */
export async function executeSteps(
  steps: readonly InstallStep[],
  context: StepContext,
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: StepProgress) => Promise<void>;
  },
): Promise<void> {
  const { signal, onProgress } = options;
  const afterRollBack: AfterRollBack[] = [];
  for (const { prepareRollBack } of steps) {
    if (prepareRollBack !== undefined) afterRollBack.push(await prepareRollBack(context));
  }
  for (const step of steps) {
    try {
      if (signal.aborted) throw interrupted(step);
      if (await step.check(context)) {
        await onProgress({ type: 'skipped', step });
        continue;
      }
      await onProgress({ type: 'started', step });
      await step.apply(context);
      await onProgress({ type: 'done', step });
    } catch (error) {
      await onProgress({ type: 'failed', step, reason: describeError(toReport(error)) });
      throw await rolledBack(context, step, { error, steps, afterRollBack });
    }
  }
}

/** A check that fails on a machine without our things says that they are not there. */
async function isDone(step: InstallStep, context: StepContext): Promise<boolean> {
  try {
    return await step.check(context);
  } catch (error) {
    if (error instanceof OperatorError) return false;
    throw error;
  }
}

function interrupted(step: InstallStep): OperatorError {
  return new OperatorError({
    code: 'cancelled',
    message: `${step.title}: the installation was interrupted before`,
    hint: 'Start it again when you like.',
  });
}

/** Takes back what this run has changed; the failure as the operator is told it, with what is left. */
async function rolledBack(
  { system, journal, say }: StepContext,
  step: InstallStep,
  {
    error,
    steps,
    afterRollBack,
  }: {
    readonly error: unknown;
    readonly steps: readonly InstallStep[];
    readonly afterRollBack: readonly AfterRollBack[];
  },
): Promise<OperatorError> {
  const changes = [...journal.ofThisRun];
  say(changes.length === 0 ? 'Nothing had been changed.' : 'Taking back what was changed …');
  const { kept, failed } = await rollBack(system, changes, {
    reason: 'rollback',
    purgeData: false,
    removePackages: false,
    onReverted: (change) => journal.rolledBack(change),
  });
  const remaining = [...kept, ...failed];
  const undone = changes.filter((change) => !remaining.some((each) => each.change === change));
  const rests: RollBackRest[] = [];
  for (const look of afterRollBack) rests.push(await look(undone));
  await restartServices(system, steps, { changes, rests });
  const exceptions = rests.flatMap(({ exception }) => (exception === null ? [] : [exception]));
  const except = exceptions.map(({ what }) => what).join(' and ');
  const left =
    remaining.length === 0
      ? `Everything this run changed was taken back${except === '' ? '' : `, except for ${except}`}.`
      : `Taken back, except: ${remaining.map(({ reason }) => reason).join('; ')}. \`install.sh --uninstall\` removes what is left.`;
  const { code, message, hint } = toReport(error);
  return new OperatorError({
    code,
    message: error instanceof OperatorError ? message : `${step.title}: ${message}`,
    hint: [hint, left, ...exceptions.map(({ remedy }) => remedy)].join(' '),
    cause: error instanceof OperatorError ? error.cause : error,
  });
}

/** Services of ours that ran go on with the files that they had before. Those of others are not touched. */
async function restartServices(
  { run }: System,
  steps: readonly InstallStep[],
  { changes, rests }: { readonly changes: readonly Change[]; readonly rests: RollBackRest[] },
): Promise<void> {
  const ours = steps.map(({ service }) => service).filter((unit) => unit !== undefined);
  const stopped = rests.flatMap(({ leaveStopped }) => leaveStopped);
  const ran = changes.flatMap((change) =>
    change.type === 'unit' && change.wasActive && ours.includes(change.unit) ? [change.unit] : [],
  );
  for (const unit of new Set([...ran, ...rests.flatMap(({ restart }) => restart)])) {
    if (stopped.includes(unit)) continue;
    await run('systemctl', ['restart', unit], { allowedStatuses: [0, 1, 5] });
  }
}
