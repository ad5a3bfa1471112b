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
 * The account stays as long as files of it do.
 */
export async function takeBack(
  system: System,
  changes: readonly Change[],
  how: Reverting & { readonly onReverted: (change: Change) => Promise<void> },
): Promise<TakenBack> {
  const kept: { change: Change; reason: string }[] = [];
  const failed: { change: Change; reason: string }[] = [];
  for (const change of changes.toReversed()) {
    const isAccount = change.type === 'user' || change.type === 'group';
    if (
      isAccount &&
      kept.some(({ change: each }) => each.type === 'directory' && each.data !== null)
    ) {
      kept.push({ change, reason: `the ${change.type} ${change.name}, who owns what is kept` });
      continue;
    }
    try {
      const outcome = await revertChange(system, change, how);
      if (outcome.type === 'kept') kept.push({ change, reason: outcome.reason });
      else await how.onReverted(change);
    } catch (error) {
      failed.push({ change, reason: `${keyOf(change)}: ${describeError(toReport(error))}` });
    }
  }
  return { kept, failed };
}
