/** The operators' command in everybody's path. */

import { readlink, symlink } from 'node:fs/promises';
import { realPath } from '../system.ts';
import { makeParents } from './own-file.ts';
import type { InstallStep } from '../step.ts';
import { COMMAND, CURRENT } from '../names.ts';

const TARGET = `${CURRENT}/openclone`;

export const command: InstallStep = {
  name: 'command',
  title: `making the command ${COMMAND}`,
  describe: () => [`command ${COMMAND}`],
  check: async ({ system }) =>
    (await readlink(realPath(system, COMMAND)).catch(() => null)) === TARGET,
  apply: async ({ system, journal }) => {
    await makeParents(system, journal, COMMAND);
    await journal.note({ type: 'link', path: COMMAND, previousTarget: null });
    // The preflight has seen that nobody else's command is there.
    await symlink(TARGET, realPath(system, COMMAND));
  },
};
