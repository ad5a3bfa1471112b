/** openclone group delete */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput, NameInput } from '../input.ts';

export const groupDelete = defineAction({
  input: z.object({ group: NameInput, yes: FlagInput }),
  run: async (context, { group, yes }) => {
    const { questions, results } = context.output.texts;
    await context.confirm({
      yes,
      doing: `deleting the group "${group}"`,
      losses: async (client) => {
        const found = await client.call('group.show', { group });
        return [printable(questions.groupLoss(found.name, found.hosts.length))];
      },
    });
    return withServer(context, async (client) => {
      await client.call('group.delete', { group });
      return done(context.output.quiet ? [] : [printable(results.groupDeleted(group))], {});
    });
  },
});
