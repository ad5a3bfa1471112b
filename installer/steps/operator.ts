/** The first operator's account, in the server's store. */

import { connectOperator, type OperatorClient } from '../../lib/client/operator-client.ts';
import type { System } from '../machine/system.ts';
import type { InstallStep } from '../step.ts';

export const operator: InstallStep = {
  name: 'operator',
  title: 'adding the first operator',
  describe: ({ answers }) =>
    answers.operator === null ? [] : [`operator ${answers.operator.name}, with a password`],
  // Somebody of this name keeps the password: it may have been changed since.
  check: async ({ system, plan }) => {
    const wanted = plan.answers.operator;
    if (wanted === null) return true;
    return withServer(system, async (client) => {
      const known = await client.call('operator.list', {});
      return known.some(({ name }) => name === wanted.name);
    });
  },
  apply: async ({ system, plan }) => {
    if (plan.answers.operator === null) return;
    const { name, secret } = plan.answers.operator;
    await withServer(system, (client) =>
      // By the socket: a password on a command line is everybody's to read.
      client.call(
        'operator.add',
        secret.type === 'hash'
          ? { name, passwordHash: secret.hash }
          : { name, password: secret.password },
      ),
    );
  },
};

async function withServer<T>(
  { operatorSocket }: System,
  use: (client: OperatorClient) => Promise<T>,
): Promise<T> {
  const client = await connectOperator({ socketPath: operatorSocket, operator: 'installer' });
  return use(client).finally(() => client.close());
}
