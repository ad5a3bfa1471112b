/** The site, and what follows from it for dnsmasq. */

import { filesAreWritten, writeManagedFiles } from './managed-file.ts';
import type { InstallStep } from '../step.ts';

export const configuration: InstallStep = {
  name: 'configuration',
  title: 'writing the configuration',
  restartsServer: true,
  describe: ({ files }) =>
    files.configuration.map(({ path, purpose }) => `file ${path}: ${purpose}`),
  check: ({ system, plan }) => filesAreWritten(system, plan.files.configuration),
  apply: ({ system, plan, journal }) =>
    writeManagedFiles({ system, journal }, plan.files.configuration),
};
