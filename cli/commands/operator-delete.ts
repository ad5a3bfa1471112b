/** openclone operator delete */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { OperatorName } from '../../lib/model/operator-account.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput } from '../input.ts';

export const operatorDelete = defineAction({
  input: z.object({ name: OperatorName, yes: FlagInput }),
  run: async (context, { name, yes }) => {
    const { questions, results } = context.output.texts;
    await context.confirm({
      yes,
      doing: `deleting the operator ${name}`,
      losses: () => Promise.resolve([printable(questions.operatorLoss(name))]),
    });
    return withServer(context, async (client) => {
      await client.call('operator.delete', { name });
      return done(context.output.quiet ? [] : [printable(results.operatorDeleted(name))], {});
    });
  },
});
