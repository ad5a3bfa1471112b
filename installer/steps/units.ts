/** The systemd units. */

import { makeReload } from '../changes/reload.ts';
import { filesAreWritten, writeManagedFiles } from './managed-file.ts';
import type { InstallStep } from '../step.ts';

export const units: InstallStep = {
  name: 'units',
  title: 'writing the systemd units',
  restartsServer: true,
  describe: ({ files }) => files.units.map(({ path, purpose }) => `file ${path}: ${purpose}`),
  check: ({ system, plan }) => filesAreWritten(system, plan.files.units),
  apply: async ({ system, plan, journal }) => {
    await makeReload({ system, journal }, 'systemd', () =>
      writeManagedFiles({ system, journal }, plan.files.units),
    );
  },
};
