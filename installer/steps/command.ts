/** The operators' command in everybody's path. */

import { readlink } from 'node:fs/promises';
import { makeLink } from '../changes/link.ts';
import { COMMAND, CURRENT } from '../machine/names.ts';
import type { InstallStep } from '../step.ts';
import { realPath } from '../machine/system.ts';

const TARGET = `${CURRENT}/openclone`;

export const command: InstallStep = {
  name: 'command',
  title: `making the command ${COMMAND}`,
  describe: () => [`command ${COMMAND}`],
  check: async ({ system }) =>
    (await readlink(realPath(system, COMMAND)).catch(() => null)) === TARGET,
  apply: async ({ system, journal }) => {
    // The preflight has seen that nobody else's command is there.
    await makeLink({ system, journal }, { path: COMMAND, previousTarget: null, target: TARGET });
  },
};
