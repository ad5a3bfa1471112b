/** Which address hosts reach this server by. */

import { OperatorError } from '../../lib/errors.ts';
import type { GivenAnswers } from '../answers.ts';
import type { Ipv4Address } from '../facts/interfaces.ts';
import { defineQuestion, type Surroundings } from './question.ts';

export const serverAddress = defineQuestion({
  key: 'serverAddress',
  propose: (surroundings, answers) => {
    const [first] = addressesOf(surroundings, answers);
    if (first !== undefined) return first.address;
    throw new OperatorError({
      code: 'bad-argument',
      message: `looking for an IPv4 address on the interface ${answers.interfaceName ?? ''}`,
      hint: 'Give the interface a fixed address, or answer with another interface.',
    });
  },
  ask: (prompter, proposal, surroundings, answers) => {
    const addresses = addressesOf(surroundings, answers);
    if (addresses.length < 2) return Promise.resolve(addresses[0]?.address ?? proposal);
    prompter.explain('The interface has several addresses. Hosts are told one of them.');
    return prompter.select({
      message: 'Address',
      proposal,
      choices: addresses.map(({ address, prefixLength }) => ({
        value: address,
        name: `${address}/${prefixLength}`,
        description: '',
      })),
    });
  },
});

function addressesOf(
  { interfaces }: Surroundings,
  { interfaceName }: GivenAnswers,
): readonly Ipv4Address[] {
  return interfaces.find(({ name }) => name === interfaceName)?.addresses ?? [];
}
