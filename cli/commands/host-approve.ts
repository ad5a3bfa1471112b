/** openclone host approve */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { HostInput } from '../input.ts';
import { hostTable } from '../print/hosts.ts';

export const hostApprove = defineAction({
  input: z.object({ hosts: z.array(HostInput).min(1, 'name at least one host') }),
  run: (context, { hosts }) =>
    withServer(context, async (client) => {
      const approved = await client.call('host.approve', { hosts });
      return done(context.output.quiet ? [] : hostTable(context.output.texts, approved), approved);
    }),
});
