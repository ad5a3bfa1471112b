/** Takes a list of changes back, last one first. */

import { toReport, describeError } from '../../lib/errors.ts';
import type { System } from '../machine/system.ts';
import type { RevertOptions } from './kind.ts';
import {
  dataPathOf,
  keyOf,
  reasonToStayWithData,
  revertChange,
  treePathOf,
  type Change,
} from './table.ts';

export type RolledBack = {
  readonly kept: readonly { readonly change: Change; readonly reason: string }[];
  readonly failed: readonly { readonly change: Change; readonly reason: string }[];
};

/**
 * One that fails does not keep the others from being taken back. `onReverted` is called after each one that is gone.
 * The account stays as long as files of it do, and a directory as long as data that is kept lies in it.
 */
export async function rollBack(
  system: System,
  changes: readonly Change[],
  how: RevertOptions & { readonly onReverted: (change: Change) => Promise<void> },
): Promise<RolledBack> {
  const kept: { change: Change; reason: string }[] = [];
  const failed: { change: Change; reason: string }[] = [];
  const gone = new Set<Change>();
  for (const change of changes.toReversed()) {
    const staysWithData = reasonToStayWithData(change);
    if (staysWithData !== null && kept.some((each) => dataPathOf(each.change) !== null)) {
      kept.push({ change, reason: staysWithData });
      continue;
    }
    // Wherever the record names them: a tree is removed with all that is in it.
    const inside = how.purgeData ? undefined : dataInside(change, changes, gone);
    if (inside !== undefined) {
      kept.push({ change, reason: `${keyOf(change)}: ${inside} is in it, and is kept` });
      continue;
    }
    try {
      const outcome = await revertChange(system, change, how);
      if (outcome.type === 'kept') kept.push({ change, reason: outcome.reason });
      else {
        gone.add(change);
        await how.onReverted(change);
      }
    } catch (error) {
      failed.push({ change, reason: `${keyOf(change)}: ${describeError(toReport(error))}` });
    }
  }
  return { kept, failed };
}

/** The path of data that is still there in a tree. */
function dataInside(
  change: Change,
  changes: readonly Change[],
  gone: ReadonlySet<Change>,
): string | undefined {
  const tree = treePathOf(change);
  if (tree === null) return undefined;
  return changes
    .filter((each) => !gone.has(each))
    .map(dataPathOf)
    .filter((path) => path !== null)
    .find((path) => path.startsWith(`${tree}/`));
}
