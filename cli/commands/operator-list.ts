/** openclone operator list */

import { z } from 'zod';
import { defineAction, done, withServer } from '../command.ts';
import { operatorTable } from '../print/operators.ts';

export const operatorList = defineAction({
  input: z.object({}),
  run: (context) =>
    withServer(context, async (client) => {
      const operators = await client.call('operator.list', {});
      return done(operatorTable(context.output.texts, operators), operators);
    }),
});
