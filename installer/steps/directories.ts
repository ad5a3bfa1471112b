/** Directories with owners and modes. One that is there already keeps its contents. */

import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { OperatorError } from '../../lib/errors.ts';
import type { PlannedDirectory } from '../planned-directories.ts';
import { realPath, type System } from '../system.ts';
import { accountId } from './account.ts';
import { makeParents } from './own-file.ts';
import type { InstallStep } from '../step.ts';

export const directories: InstallStep = {
  name: 'directories',
  title: 'making directories',
  describe: ({ directories: all }) =>
    all.map(
      ({ path, owner, mode, purpose }) =>
        `directory ${path} (${owner}, ${mode.toString(8)}): ${purpose}`,
    ),
  check: async ({ system, plan }) => {
    for (const directory of plan.directories) {
      if (!(await isAsPlanned(system, directory))) return false;
    }
    return true;
  },
  apply: async ({ system, plan, journal }) => {
    for (const { path, mode, owner, tree, data } of plan.directories) {
      const directory = realPath(system, path);
      const found = await stat(directory).catch(() => null);
      if (found === null) {
        await makeParents(system, journal, path);
        await journal.note({ type: 'directory', path, tree, data });
        await mkdir(directory, { mode });
      } else if (await isAsPlanned(system, { path, mode, owner })) {
        continue;
      } else if (!journal.isInOurTree(path)) {
        const previous = { user: found.uid, group: found.gid, mode: found.mode & 0o7777 };
        await journal.note({ type: 'owner', path, previous, data });
      }
      await chown(directory, ...(await idsOf(system, owner)));
      // mkdir takes the umask off.
      await chmod(directory, mode);
    }
  },
};

/** Throws `not-found` when its owner has no account yet. */
export async function isAsPlanned(
  system: System,
  { path, mode, owner }: Pick<PlannedDirectory, 'path' | 'mode' | 'owner'>,
): Promise<boolean> {
  const found = await stat(realPath(system, path)).catch(() => null);
  if (found === null || (found.mode & 0o7777) !== mode) return false;
  const [user, group] = await idsOf(system, owner);
  return found.uid === user && found.gid === group;
}

/** A user's numbers; the group of dnsmasq's user has another name, and its files need none. */
async function idsOf(system: System, owner: PlannedDirectory['owner']): Promise<[number, number]> {
  if (owner === 'root') return [0, 0];
  const user = await accountId(system, '/etc/passwd', owner);
  const group = owner === 'dnsmasq' ? 0 : await accountId(system, '/etc/group', owner);
  if (user !== null && group !== null) return [user, group];
  throw new OperatorError({
    code: 'not-found',
    message: `looking for the user ${owner}`,
    hint: owner === 'dnsmasq' ? 'Reinstall the Debian package dnsmasq-base.' : 'Try again.',
  });
}
