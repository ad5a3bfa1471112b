/** A unit of ours: enabled, running, and started again when what it reads was changed. */

import type { Journal } from '../changes/journal.ts';
import type { Change } from '../changes/table.ts';
import { makeUnitRun } from '../changes/unit.ts';
import type { System } from '../machine/system.ts';
import { isUnitActive, isUnitEnabled } from '../tools/systemctl.ts';

type Machine = { readonly system: System; readonly journal: Journal };

/** `reads`: the paths of the files and links whose change needs a restart. */
export async function unitRuns(
  { system: { run }, journal }: Machine,
  unit: string,
  reads: readonly string[],
): Promise<boolean> {
  if (wasChanged(journal.ofThisRun, reads)) return false;
  return (await isUnitEnabled(run, unit)) && (await isUnitActive(run, unit));
}

/** Throws `tool-failed` with the unit's last words when it does not start. */
export async function runUnit(
  { system, journal }: Machine,
  unit: string,
  reads: readonly string[],
): Promise<void> {
  const isStale = wasChanged(journal.ofThisRun, reads);
  await makeUnitRun({ system, journal }, unit, { isStale });
}

function wasChanged(changes: readonly Change[], paths: readonly string[]): boolean {
  return changes.some(
    (change) => (change.type === 'file' || change.type === 'link') && paths.includes(change.path),
  );
}
