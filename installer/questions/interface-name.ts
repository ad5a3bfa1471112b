/** The question by which interface hosts are served. */

import { OperatorError } from '../../lib/errors.ts';
import { defineQuestion } from './question.ts';
import type { Environment } from '../facts/environment.ts';

export const interfaceName = defineQuestion({
  key: 'interfaceName',
  propose: (environment) => {
    const proposal = likelyInterface(environment);
    if (proposal === null) throw noInterface();
    return proposal;
  },
  ask: (prompter, proposal, { interfaces, defaultRoute }: Environment) => {
    prompter.explain(
      'Hosts boot and get their images through one network interface of this server: the one whose cable leads to the rooms.',
    );
    return prompter.select({
      message: 'Interface',
      proposal,
      choices: interfaces.map(({ name, isUp, addresses }) => ({
        value: name,
        name: `${name}  ${addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`).join(', ')}`,
        description: [
          isUp ? 'link is up' : 'no link',
          ...(name === defaultRoute?.interfaceName ? ['leads to the default gateway'] : []),
        ].join(', '),
      })),
    });
  },
});

/** The one with a link that leads to the rest of the network; null when there is none at all. */
export function likelyInterface({ interfaces, defaultRoute }: Environment): string | null {
  const up = interfaces.filter(({ isUp }) => isUp);
  const likely =
    up.find(({ name }) => name === defaultRoute?.interfaceName) ?? up[0] ?? interfaces[0];
  return likely?.name ?? null;
}

function noInterface(): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: 'looking for a network interface with an IPv4 address',
    hint: 'Give the interface that leads to the hosts a fixed address, and try again.',
  });
}
