/** openclone group show */

import { z } from 'zod';
import { defineCommand, done, withServer } from '../command.ts';
import { NameInput } from '../input.ts';
import { groupDetails } from '../print/groups.ts';

export const groupShow = defineCommand({
  path: 'group show',
  summary: 'show a group and its hosts',
  arguments: [{ syntax: '<group>', help: 'a group by name or id' }],
  input: z.object({ group: NameInput }),
  run: (context, { group }) =>
    withServer(context, async (client) => {
      const found = await client.call('group.show', { group });
      return done(groupDetails(found), found);
    }),
});
