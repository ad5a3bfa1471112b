/** The question whether our ports are opened in the firewall. */

import { defineQuestion } from './question.ts';

export const firewall = defineQuestion({
  key: 'firewall',
  propose: () => 'open',
  // Rules of others are shown by the plan, and theirs to set.
  isAsked: ({ firewall: found }) => found === 'ufw' || found === 'firewalld',
  ask: async (prompter, proposal, { firewall: found }) => {
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
