/** openclone operator list */

import { z } from 'zod';
import { defineCommand, done, withServer } from '../command.ts';
import { operatorTable } from '../print/operators.ts';

export const operatorList = defineCommand({
  path: 'operator list',
  summary: 'list the operators',
  input: z.object({}),
  run: (context) =>
    withServer(context, async (client) => {
      const operators = await client.call('operator.list', {});
      return done(operatorTable(operators), operators);
    }),
});
