/** Takes a list of changes back, last one first. */

import { toReport, describeError } from '../../lib/errors.ts';
import type { System } from '../system.ts';
import { keyOf, type Change } from './change.ts';
import { revertChange, type Reverting } from './revert.ts';

export type TakenBack = {
  readonly kept: readonly { readonly change: Change; readonly reason: string }[];
  readonly failed: readonly { readonly change: Change; readonly reason: string }[];
};

/**
 * One that fails does not keep the others from being taken back. `onReverted` is called after each one that is gone.
 * The account stays as long as files of it do, and a directory as long as data that is kept lies in it.
 */
export async function takeBack(
  system: System,
  changes: readonly Change[],
  how: Reverting & { readonly onReverted: (change: Change) => Promise<void> },
): Promise<TakenBack> {
  const kept: { change: Change; reason: string }[] = [];
  const failed: { change: Change; reason: string }[] = [];
  const gone = new Set<Change>();
  for (const change of changes.toReversed()) {
    const isAccount = change.type === 'user' || change.type === 'group';
    if (isAccount && kept.some(({ change: each }) => isData(each))) {
      kept.push({ change, reason: `the ${change.type} ${change.name}, who owns what is kept` });
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

function isData(change: Change): boolean {
  return (change.type === 'directory' || change.type === 'owner') && change.data !== null;
}

/** The path of data that is still there in a tree. */
function dataInside(
  change: Change,
  changes: readonly Change[],
  gone: ReadonlySet<Change>,
): string | undefined {
  if (change.type !== 'directory' || !change.tree) return undefined;
  return changes
    .filter((each) => isData(each) && !gone.has(each))
    .map((each) => ('path' in each ? each.path : ''))
    .find((path) => path.startsWith(`${change.path}/`));
}
