/** openclone operator add */

import { printable } from '../../lib/format.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { OPERATOR_ARGUMENT, SECRET_OPTIONS, SecretInput, withSecret } from '../new-secret.ts';

export const operatorAdd = defineCommand({
  path: 'operator add',
  summary: 'add an operator, who may log on with a name and a password',
  details:
    'The password is asked for twice on the terminal. It has 8 characters or more, and 72 bytes at most.',
  arguments: [OPERATOR_ARGUMENT],
  options: SECRET_OPTIONS,
  input: SecretInput,
  run: async (context, input) => {
    const account = await withSecret(context, input);
    return withServer(context, async (client) => {
      const added = await client.call('operator.add', account);
      return done(
        context.screen.quiet ? [] : [printable(`added the operator ${added.name}`)],
        added,
      );
    });
  },
});
