/** openclone group delete */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { FlagInput, NameInput } from '../input.ts';
import { YES_OPTION } from '../options.ts';
import { countOf } from '../print/words.ts';

export const groupDelete = defineCommand({
  path: 'group delete',
  summary: 'delete a group; its hosts stay, without a group',
  arguments: [{ syntax: '<group>', help: 'a group by name or id' }],
  options: [YES_OPTION],
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
