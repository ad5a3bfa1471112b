/** openclone group edit */

import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { Name } from '../../lib/model/names.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { HostInput, NameInput } from '../input.ts';
import { groupDetails } from '../print/groups.ts';

export const groupEdit = defineCommand({
  path: 'group edit',
  summary: 'rename a group, or change which hosts are in it',
  arguments: [{ syntax: '<group>', help: 'a group by name or id' }],
  options: [
    { flags: '--name <name>', help: 'its new name' },
    { flags: '--add <host...>', help: 'hosts to put into it; they leave the group they are in' },
    { flags: '--remove <host...>', help: 'hosts to take out of it' },
  ],
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
      return done(context.screen.quiet ? [] : groupDetails(changed), changed);
    });
  },
});
