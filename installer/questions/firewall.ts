/** Whether our ports are opened. */

import { defineQuestion } from './question.ts';

export const firewall = defineQuestion({
  key: 'firewall',
  propose: () => 'open',
  ask: async (prompter, proposal, surroundings) => {
    const { firewall: found } = surroundings;
    if (found !== 'ufw' && found !== 'firewalld') return proposal;
    prompter.explain(
      `The firewall ${found} is active: without rules for our ports no host reaches us.`,
    );
    const opens = await prompter.confirm({
      message: "Let the hosts' networks in to our ports?",
      proposal: proposal === 'open',
    });
    return opens ? 'open' : 'leave';
  },
});
