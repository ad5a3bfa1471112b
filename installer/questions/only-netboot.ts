/** The question whether DHCP answers PXE and net-boot clients only. */

import { defineQuestion } from './question.ts';

export const onlyNetboot = defineQuestion({
  key: 'onlyNetboot',
  // Where we give the addresses, a system that runs on a host wants one as well.
  propose: (_, { dhcp }) => dhcp?.type !== 'full',
  isAsked: (_, { dhcp }) => dhcp?.type !== 'none',
  ask: (prompter, proposal) => {
    prompter.explain(
      'DHCP can answer net-booting machines only (PXE, UEFI HTTP boot, our own system), so that phones and laptops are none of its business. Then the systems on the hosts need another server for their addresses.',
    );
    return prompter.confirm({ message: 'Answer net-boot clients only?', proposal });
  },
});
