/** What every kind of change has: one file each, made and reverted in it, and a row in table.ts. */

import type { z } from 'zod';
import type { System } from '../machine/system.ts';

export type RevertOptions = {
  /** After a failed step everything of the run goes, uninstalling asks before data and packages. */
  readonly reason: 'rollback' | 'uninstall';
  readonly purgeData: boolean;
  readonly removePackages: boolean;
};

/** "kept": it is still there, and why; the record goes on naming it. */
export type Reverted =
  { readonly type: 'reverted' } | { readonly type: 'kept'; readonly reason: string };

export const REVERTED: Reverted = { type: 'reverted' };

export function kept(reason: string): Reverted {
  return { type: 'kept', reason };
}

/** What makes a change needs: the machine, and the journal that is told before anything is made. */
export type Making<C> = {
  readonly system: System;
  readonly journal: { note(change: C): Promise<void> };
};

/** C is what the record has of a change of this kind: its parsed form, which stays readable for older installers. */
export type ChangeKind<C> = {
  readonly schema: z.ZodType<C>;
  /** Two changes with the same key are about the same thing. */
  key(change: C): string;
  /** For the list of what would go when OpenClone is uninstalled. */
  describe(change: C): string;
  /** Makes it as it was before. What is gone already is no error. */
  revert(system: System, change: C, how: RevertOptions): Promise<Reverted>;
  /** Where data lies that operators would miss, if that is what it is about. */
  dataPath?(change: C): string | null;
  /** The directory that reverting removes with all that is in it. */
  treePath?(change: C): string | null;
  /** Why it stays as long as data is kept, for what has to. */
  reasonToStayWithData?(change: C): string;
};
