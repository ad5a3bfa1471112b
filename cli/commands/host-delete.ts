/** openclone host delete */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput, HostInput } from '../input.ts';

export const hostDelete = defineAction({
  input: z.object({ host: HostInput, yes: FlagInput }),
  run: async (context, { host, yes }) => {
    const { questions, results } = context.output.texts;
    await context.confirm({
      yes,
      doing: `deleting the host "${host}"`,
      losses: async (client) => {
        const found = await client.call('host.show', { host });
        const disks = found.systemInfo?.disks.length ?? 0;
        return [printable(questions.hostLoss(found.name, found.mac, found.groupName, disks))];
      },
    });
    return withServer(context, async (client) => {
      await client.call('host.delete', { host });
      return done(context.output.quiet ? [] : [printable(results.hostDeleted(host))], {});
    });
  },
});
