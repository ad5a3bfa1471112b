/** The accounts of this machine: their numbers, and whether a directory has the owner and mode that it should have. */

import { readFile, stat } from 'node:fs/promises';
import { OperatorError } from '../../lib/errors.ts';
import type { PlannedDirectory } from '../planned-directories.ts';
import { realPath, type System } from '../machine/system.ts';

/** The number of a user (/etc/passwd) or group (/etc/group), null when there is none. */
export async function accountId(
  system: System,
  file: string,
  name: string,
): Promise<number | null> {
  const lines = (await readFile(realPath(system, file), 'utf8')).split('\n');
  const id = lines.map((line) => line.split(':')).find(([each]) => each === name)?.[2];
  return id === undefined ? null : Number(id);
}

/** A user's numbers; the group of dnsmasq's user has another name, and its files need none. Throws `not-found`. */
export async function idsOf(
  system: System,
  owner: PlannedDirectory['owner'],
): Promise<{ user: number; group: number }> {
  if (owner === 'root') return { user: 0, group: 0 };
  const user = await accountId(system, '/etc/passwd', owner);
  const group = owner === 'dnsmasq' ? 0 : await accountId(system, '/etc/group', owner);
  if (user !== null && group !== null) return { user, group };
  throw new OperatorError({
    code: 'not-found',
    message: `looking for the user ${owner}`,
    hint: owner === 'dnsmasq' ? 'Reinstall the Debian package dnsmasq-base.' : 'Try again.',
  });
}

/** Whether it is there, with this owner and mode. Throws `not-found` when its owner has no account yet. */
export async function isAsPlanned(
  system: System,
  { path, mode, owner }: Pick<PlannedDirectory, 'path' | 'mode' | 'owner'>,
): Promise<boolean> {
  const found = await stat(realPath(system, path)).catch(() => null);
  if (found === null || (found.mode & 0o7777) !== mode) return false;
  const { user, group } = await idsOf(system, owner);
  return found.uid === user && found.gid === group;
}
