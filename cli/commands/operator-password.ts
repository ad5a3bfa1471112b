/** openclone operator password */

import { printable } from '../../lib/format.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { OPERATOR_ARGUMENT, SECRET_OPTIONS, SecretInput, withSecret } from '../new-secret.ts';

export const operatorPassword = defineCommand({
  path: 'operator password',
  summary: 'give an operator a new password',
  arguments: [OPERATOR_ARGUMENT],
  options: SECRET_OPTIONS,
  input: SecretInput,
  run: async (context, input) => {
    const account = await withSecret(context, input);
    return withServer(context, async (client) => {
      const changed = await client.call('operator.password', account);
      const said = printable(`the operator ${changed.name} has a new password`);
      return done(context.screen.quiet ? [] : [said], changed);
    });
  },
});
