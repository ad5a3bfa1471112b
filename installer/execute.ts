/** Does the steps of a plan in order; when one fails, takes back what this run has changed. */

import { describeError, OperatorError, toReport } from '../lib/errors.ts';
import { takeBack } from './changes/take-back.ts';
import { CURRENT } from './steps/program.ts';
import { readStoreVersion, takeBackMigration, type StoreTakenBack } from './store-rollback.ts';
import { DAEMON_UNIT, DNSMASQ_UNIT } from './templates/units.ts';
import type { Change } from './changes/change.ts';
import type { InstallStep, StepContext } from './step.ts';
import type { System } from './system.ts';

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
  const storeVersion = await readStoreVersion(context.system);
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
      throw await rolledBack(context, step, { error, storeVersion });
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

async function rolledBack(
  { system, journal, say }: StepContext,
  step: InstallStep,
  { error, storeVersion }: { readonly error: unknown; readonly storeVersion: number | null },
): Promise<OperatorError> {
  const changes = [...journal.ofThisRun];
  say(changes.length === 0 ? 'Nothing had been changed.' : 'Taking back what was changed …');
  const { kept, failed } = await takeBack(system, changes, {
    ...{ reason: 'rollback', purgeData: false, removePackages: false },
    onReverted: (change) => journal.takenBack(change),
  });
  const still = [...kept, ...failed];
  const wentBack = changes.some(
    (change) =>
      change.type === 'link' &&
      change.path === CURRENT &&
      change.previousTarget !== null &&
      !still.some((each) => each.change === change),
  );
  const store = wentBack
    ? await takeBackMigration(system, storeVersion)
    : ({ type: 'as-before' } as const);
  await restartWhatRan(system, changes, store);
  const rest = still.map(({ reason }) => reason);
  const { code, message, hint } = toReport(error);
  const left =
    rest.length === 0
      ? `Everything this run changed was taken back${store.type === 'by-hand' ? ', except for the store' : ''}.`
      : `Taken back, except: ${rest.join('; ')}. \`install.sh --uninstall\` removes what is left.`;
  return new OperatorError({
    code,
    message: error instanceof OperatorError ? message : `${step.title}: ${message}`,
    hint: [hint, left, ...(store.type === 'by-hand' ? [store.remedy] : [])].join(' '),
    cause: error instanceof OperatorError ? error.cause : error,
  });
}

/** An update that failed: our services go on with the files that they had before. Others' are left in peace. */
async function restartWhatRan(
  { run }: System,
  changes: readonly Change[],
  store: StoreTakenBack,
): Promise<void> {
  const ours = store.type === 'by-hand' ? [DNSMASQ_UNIT] : [DAEMON_UNIT, DNSMASQ_UNIT];
  const running = changes.flatMap((change) =>
    change.type === 'unit' && change.wasActive ? [change.unit] : [],
  );
  // It was stopped to get its store back, and ran although no step had started it.
  const isUnnoted = !changes.some(
    (change) => change.type === 'unit' && change.unit === DAEMON_UNIT,
  );
  if (store.type === 'taken-back' && isUnnoted) running.push(DAEMON_UNIT);
  for (const unit of running.filter((each) => ours.includes(each))) {
    await run('systemctl', ['restart', unit], { allowedStatuses: [0, 1, 5] });
  }
}
