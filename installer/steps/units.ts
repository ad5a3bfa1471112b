/** The systemd units. */

import { filesAreWritten, writeOwnFiles } from './own-file.ts';
import type { InstallStep } from '../step.ts';

export const units: InstallStep = {
  name: 'units',
  title: 'writing the systemd units',
  restartsServer: true,
  describe: ({ files }) => files.units.map(({ path, purpose }) => `file ${path}: ${purpose}`),
  check: ({ system, plan }) => filesAreWritten(system, plan.files.units),
  apply: async ({ system, plan, journal }) => {
    // Before the files: taken back in reverse, systemd reads again once they are gone.
    await journal.note({ type: 'reload', what: 'systemd' });
    await writeOwnFiles(system, journal, plan.files.units);
    await system.run('systemctl', ['daemon-reload']);
  },
};
