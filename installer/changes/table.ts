/**
 * Every kind of change that the installer makes on this machine, a file and a row each. Changes are data: written to
 * the record before they are made, taken back in reverse order when a step fails and when OpenClone is uninstalled.
 */

import { z } from 'zod';
import type { System } from '../machine/system.ts';
import { group, user } from './account.ts';
import { directory } from './directory.ts';
import { file } from './file.ts';
import { firewallRules } from './firewall-rules.ts';
import { firewalldRules } from './firewalld-rules.ts';
import type { ChangeKind, Reverted, RevertOptions } from './kind.ts';
import { link } from './link.ts';
import { owner } from './owner.ts';
import { packages } from './packages.ts';
import { reload } from './reload.ts';
import { unit } from './unit.ts';

export const Change = z.discriminatedUnion('type', [
  file.schema,
  link.schema,
  directory.schema,
  owner.schema,
  group.schema,
  user.schema,
  packages.schema,
  unit.schema,
  reload.schema,
  firewallRules.schema,
  firewalldRules.schema,
]);
export type Change = z.infer<typeof Change>;

/** A kind that is missing here, or is not in the union above, does not compile. */
const KINDS: { readonly [T in Change['type']]: ChangeKind<Extract<Change, { type: T }>> } = {
  file,
  link,
  directory,
  owner,
  group,
  user,
  packages,
  unit,
  reload,
  'firewall-rules': firewallRules,
  'firewalld-rules': firewalldRules,
};

function kindOf(change: Change): ChangeKind<Change> {
  return KINDS[change.type];
}

/** Two changes with the same key are about the same thing. */
export function keyOf(change: Change): string {
  return kindOf(change).key(change);
}

/** For the list of what would go when OpenClone is uninstalled. */
export function describeChange(change: Change): string {
  return kindOf(change).describe(change);
}

/** Takes one change back. What is gone already is no error. */
export async function revertChange(
  system: System,
  change: Change,
  how: RevertOptions,
): Promise<Reverted> {
  return kindOf(change).revert(system, change, how);
}

/** Where data lies that operators would miss; null when the change is about none. */
export function dataPathOf(change: Change): string | null {
  return kindOf(change).dataPath?.(change) ?? null;
}

/** The directory that goes with all that is in it when the change is taken back. */
export function treePathOf(change: Change): string | null {
  return kindOf(change).treePath?.(change) ?? null;
}

/** Why it stays as long as data is kept; null when it goes. */
export function reasonToStayWithData(change: Change): string | null {
  return kindOf(change).reasonToStayWithData?.(change) ?? null;
}
