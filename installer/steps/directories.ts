/** Directories with owners and modes. One that is there already keeps its contents. */

import { chmod, chown, stat } from 'node:fs/promises';
import { makeDirectory } from '../changes/directory.ts';
import { makeOwner } from '../changes/owner.ts';
import { idsOf, isAsPlanned } from '../facts/accounts.ts';
import type { InstallStep } from '../step.ts';
import { realPath } from '../machine/system.ts';

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
    const making = { system, journal };
    for (const { path, mode, owner, tree, data } of plan.directories) {
      const real = realPath(system, path);
      const found = await stat(real).catch(() => null);
      if (found !== null && (await isAsPlanned(system, { path, mode, owner }))) continue;
      const { user, group } = await idsOf(system, owner);
      if (found === null) {
        await makeDirectory(making, { path, tree, data, mode });
      } else if (!journal.isInOurTree(path)) {
        const previous = { user: found.uid, group: found.gid, mode: found.mode & 0o7777 };
        await makeOwner(making, { path, previous, data, now: { user, group, mode } });
        continue;
      }
      await chown(real, user, group);
      await chmod(real, mode);
    }
  },
};
