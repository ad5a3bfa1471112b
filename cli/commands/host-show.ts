/** openclone host show */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { HostInput } from '../input.ts';
import { hostDetails } from '../print/hosts.ts';

export const hostShow = defineAction({
  input: z.object({ host: HostInput }),
  run: (context, { host }) =>
    withServer(context, async (client) => {
      const found = await client.call('host.show', { host });
      if (context.output.json) return done([], found);
      return done(
        hostDetails(context.output.texts, found, await client.call('status.get', {})),
        found,
      );
    }),
});
