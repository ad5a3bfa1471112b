/** DHCP and TFTP: last, so that nobody boots from an unfinished server. */

import { DNSMASQ_CONFIG, UNIT_DIRECTORY } from '../plan.ts';
import { DNSMASQ_UNIT } from '../templates/units.ts';
import { filesAreWritten, writeOwnFiles } from './own-file.ts';
import { runUnit, unitRuns } from './own-unit.ts';
import type { InstallStep } from '../step.ts';

const READS = [DNSMASQ_CONFIG, `${UNIT_DIRECTORY}/${DNSMASQ_UNIT}`];

export const dnsmasq: InstallStep = {
  name: 'dnsmasq',
  title: 'starting DHCP and TFTP',
  describe: ({ files }) => [
    ...files.dnsmasq.map(({ path, purpose }) => `file ${path}: ${purpose}`),
    `service ${DNSMASQ_UNIT}: enabled and started`,
  ],
  check: async ({ system, plan, journal }) =>
    (await filesAreWritten(system, plan.files.dnsmasq)) &&
    (await unitRuns(system, DNSMASQ_UNIT, READS, journal)),
  apply: async ({ system, plan, journal }) => {
    await writeOwnFiles(system, journal, plan.files.dnsmasq);
    await runUnit(system, DNSMASQ_UNIT, READS, journal);
  },
};
