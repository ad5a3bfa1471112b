/** openclone operator password */

import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { SecretInput, withSecret } from '../new-secret.ts';

export const operatorPassword = defineAction({
  input: SecretInput,
  run: async (context, input) => {
    const account = await withSecret(context, input);
    return withServer(context, async (client) => {
      const changed = await client.call('operator.password', account);
      const said = printable(context.output.texts.results.passwordSet(changed.name));
      return done(context.output.quiet ? [] : [said], changed);
    });
  },
});
