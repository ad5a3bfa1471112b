/** Enabling and starting a unit of ours, and starting it anew when what it reads was changed. */

import { OperatorError } from '../../lib/errors.ts';
import type { Change } from '../changes/change.ts';
import type { Journal } from '../changes/journal.ts';
import type { System } from '../system.ts';
import { isUnitActive, isUnitEnabled, lastLinesOf } from '../tools/systemctl.ts';

/** `reads`: the paths of the files and links whose change needs a restart. */
export async function unitRuns(
  { run }: System,
  unit: string,
  reads: readonly string[],
  journal: Journal,
): Promise<boolean> {
  if (wasChanged(journal.ofThisRun, reads)) return false;
  return (await isUnitEnabled(run, unit)) && (await isUnitActive(run, unit));
}

/** Throws `tool-failed` with the unit's last words when it does not start. */
export async function runUnit(
  { run }: System,
  unit: string,
  reads: readonly string[],
  journal: Journal,
): Promise<void> {
  const wasEnabled = await isUnitEnabled(run, unit);
  const wasActive = await isUnitActive(run, unit);
  await journal.note({ type: 'unit', unit, wasEnabled, wasActive });
  if (!wasEnabled) await run('systemctl', ['enable', unit]);
  const isStale = wasActive && wasChanged(journal.ofThisRun, reads);
  try {
    await run('systemctl', [isStale ? 'restart' : 'start', unit]);
  } catch (cause) {
    throw new OperatorError({
      code: 'tool-failed',
      message: `starting ${unit}`,
      hint: `See: journalctl --unit ${unit}`,
      cause: new Error(await lastLinesOf(run, unit), { cause }),
    });
  }
}

function wasChanged(changes: readonly Change[], paths: readonly string[]): boolean {
  return changes.some(
    (change) => (change.type === 'file' || change.type === 'link') && paths.includes(change.path),
  );
}
