/** openclone group edit */

import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { Name } from '../../lib/model/names.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { HostInput, NameInput } from '../input.ts';
import { groupDetails } from '../print/groups.ts';

export const groupEdit = defineAction({
  input: z.object({
    group: NameInput,
    name: Name.optional(),
    add: z.array(HostInput).default([]),
    remove: z.array(HostInput).default([]),
  }),
  run: async (context, { group, name, add, remove }) => {
    if (name === undefined && add.length === 0 && remove.length === 0) {
      throw new OperatorError({
        code: 'bad-argument',
        message: `changing the group "${group}": nothing to change was named`,
        hint: 'See `openclone group edit --help`.',
      });
    }
    return withServer(context, async (client) => {
      const changed = await client.call('group.edit', { group, name, add, remove });
      return done(context.output.quiet ? [] : groupDetails(context.output.texts, changed), changed);
    });
  },
});
