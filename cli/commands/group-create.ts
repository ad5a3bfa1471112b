/** openclone group create */

import { z } from 'zod';
import { Name } from '../../lib/model/names.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { HostInput } from '../input.ts';
import { groupDetails } from '../print/groups.ts';

export const groupCreate = defineAction({
  input: z.object({ name: Name, hosts: z.array(HostInput).default([]) }),
  run: (context, { name, hosts }) =>
    withServer(context, async (client) => {
      const group = await client.call('group.create', { name, hosts });
      return done(context.output.quiet ? [] : groupDetails(context.output.texts, group), group);
    }),
});
