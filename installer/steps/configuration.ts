/** The site, and what follows from it for dnsmasq. */

import { filesAreWritten, writeOwnFiles } from './own-file.ts';
import type { InstallStep } from '../step.ts';

export const configuration: InstallStep = {
  name: 'configuration',
  title: 'writing the configuration',
  restartsServer: true,
  describe: ({ files }) =>
    files.configuration.map(({ path, purpose }) => `file ${path}: ${purpose}`),
  check: ({ system, plan }) => filesAreWritten(system, plan.files.configuration),
  apply: ({ system, plan, journal }) => writeOwnFiles(system, journal, plan.files.configuration),
};
