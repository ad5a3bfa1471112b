/** DHCP and TFTP: last, so that nobody boots from an unfinished server. */

import { filesAreWritten, writeManagedFiles } from './managed-file.ts';
import { runUnit, unitRuns } from './managed-unit.ts';
import type { InstallStep } from '../step.ts';
import { DNSMASQ_CONFIG, DNSMASQ_UNIT, UNIT_DIRECTORY } from '../machine/names.ts';

const READS = [DNSMASQ_CONFIG, `${UNIT_DIRECTORY}/${DNSMASQ_UNIT}`];

export const dnsmasq: InstallStep = {
  name: 'dnsmasq',
  title: 'starting DHCP and TFTP',
  service: DNSMASQ_UNIT,
  describe: ({ files }) => [
    ...files.dnsmasq.map(({ path, purpose }) => `file ${path}: ${purpose}`),
    `service ${DNSMASQ_UNIT}: enabled and started`,
  ],
  check: async ({ system, plan, journal }) =>
    (await filesAreWritten(system, plan.files.dnsmasq)) &&
    (await unitRuns({ system, journal }, DNSMASQ_UNIT, READS)),
  apply: async ({ system, plan, journal }) => {
    await writeManagedFiles({ system, journal }, plan.files.dnsmasq);
    await runUnit({ system, journal }, DNSMASQ_UNIT, READS);
  },
};
