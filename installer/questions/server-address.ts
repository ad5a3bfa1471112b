/** The question by which address hosts reach this server. */

import { OperatorError } from '../../lib/errors.ts';
import type { GivenAnswers } from '../answers.ts';
import type { Ipv4Address } from '../facts/interfaces.ts';
import { likelyInterface } from './interface-name.ts';
import { defineQuestion } from './question.ts';
import type { Environment } from '../facts/environment.ts';

export const serverAddress = defineQuestion({
  key: 'serverAddress',
  propose: (environment, answers) => {
    const [first] = addressesOf(environment, answers);
    if (first !== undefined) return first.address;
    throw new OperatorError({
      code: 'bad-argument',
      message: `looking for an IPv4 address on the interface ${answers.interfaceName ?? ''}`,
      hint: 'Give the interface a fixed address, or answer with another interface.',
    });
  },
  isAsked: (environment, known) => {
    const interfaceName = known.interfaceName ?? likelyInterface(environment) ?? undefined;
    const addresses = addressesOf(environment, { interfaceName });
    const isThere = addresses.some(({ address }) => address === known.serverAddress);
    return addresses.length > 1 || (known.serverAddress !== undefined && !isThere);
  },
  // Another interface has other addresses.
  isStale: (given, { interfaceName }) =>
    given.interfaceName !== undefined &&
    interfaceName !== undefined &&
    given.interfaceName !== interfaceName,
  ask: (prompter, proposal, environment, answers) => {
    const addresses = addressesOf(environment, answers);
    const isThere = addresses.some(({ address }) => address === proposal);
    prompter.explain(
      isThere
        ? 'The interface has several addresses. Hosts are told one of them.'
        : `The interface no longer has the address ${proposal}, which hosts were told.`,
    );
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
  { interfaces }: Environment,
  { interfaceName }: GivenAnswers,
): readonly Ipv4Address[] {
  return interfaces.find(({ name }) => name === interfaceName)?.addresses ?? [];
}
