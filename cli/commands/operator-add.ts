/** openclone operator add */

import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { SecretInput, withSecret } from '../new-secret.ts';

export const operatorAdd = defineAction({
  input: SecretInput,
  run: async (context, input) => {
    const account = await withSecret(context, input);
    return withServer(context, async (client) => {
      const added = await client.call('operator.add', account);
      return done(
        context.output.quiet
          ? []
          : [printable(context.output.texts.results.operatorAdded(added.name))],
        added,
      );
    });
  },
});
