/** openclone group delete */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { defineAction, done, withServer } from '../command.ts';
import { FlagInput, NameInput } from '../input.ts';
import { countOf } from '../print/words.ts';

export const groupDelete = defineAction({
  input: z.object({ group: NameInput, yes: FlagInput }),
  run: async (context, { group, yes }) => {
    await context.confirm({
      yes,
      doing: `deleting the group "${group}"`,
      losses: async (client) => {
        const found = await client.call('group.show', { group });
        const hosts = countOf(found.hosts.length, 'host');
        return [printable(`The group ${found.name} will be lost. ${hosts} will be in no group.`)];
      },
    });
    return withServer(context, async (client) => {
      await client.call('group.delete', { group });
      return done(context.screen.quiet ? [] : [printable(`deleted the group ${group}`)], {});
    });
  },
});
