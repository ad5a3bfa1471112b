/** openclone host list */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';
import { hostTable } from '../print/hosts.ts';

export const hostList = defineAction({
  input: z.object({ group: NameInput.optional() }),
  run: (context, { group }) =>
    withServer(context, async (client) => {
      const hosts = await client.call('host.list', { group: group ?? null });
      if (context.output.json) return done([], hosts);
      return done(
        hostTable(context.output.texts, hosts, await client.call('status.get', {})),
        hosts,
      );
    }),
});
