/** openclone operator list */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { operatorTable } from '../print/operators.ts';

export const operatorList = defineAction({
  input: z.object({}),
  run: (context) =>
    withServer(context, async (client) => {
      const operators = await client.call('operator.list', {});
      return done(operatorTable(context.output.texts, operators), operators);
    }),
});
