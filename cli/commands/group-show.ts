/** openclone group show */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';
import { groupDetails } from '../print/groups.ts';

export const groupShow = defineAction({
  input: z.object({ group: NameInput }),
  run: (context, { group }) =>
    withServer(context, async (client) => {
      const found = await client.call('group.show', { group });
      return done(groupDetails(context.output.texts, found), found);
    }),
});
