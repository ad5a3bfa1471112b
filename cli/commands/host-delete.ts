/** openclone host delete */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { defineAction, done, withServer } from '../command.ts';
import { FlagInput, HostInput } from '../input.ts';
import { countOf } from '../print/words.ts';

export const hostDelete = defineAction({
  input: z.object({ host: HostInput, yes: FlagInput }),
  run: async (context, { host, yes }) => {
    await context.confirm({
      yes,
      doing: `deleting the host "${host}"`,
      losses: async (client) => {
        const found = await client.call('host.show', { host });
        const group = found.groupName === null ? 'in no group' : `in the group ${found.groupName}`;
        const disks = countOf(found.systemInfo?.disks.length ?? 0, 'disk');
        return [
          printable(
            `What is stored of the host ${found.name} (${found.mac}, ${group}, ${disks}) will be lost. Its disks stay as they are.`,
          ),
        ];
      },
    });
    return withServer(context, async (client) => {
      await client.call('host.delete', { host });
      return done(context.screen.quiet ? [] : [printable(`deleted the host ${host}`)], {});
    });
  },
});
