/** openclone group list */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { groupTable } from '../print/groups.ts';

export const groupList = defineAction({
  input: z.object({}),
  run: (context) =>
    withServer(context, async (client) => {
      const groups = await client.call('group.list', {});
      return done(groupTable(context.output.texts, groups), groups);
    }),
});
