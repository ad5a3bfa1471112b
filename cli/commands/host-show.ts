/** openclone host show */

import { z } from 'zod';
import { defineCommand, done, withServer } from '../command.ts';
import { HostInput } from '../input.ts';
import { HOST_ARGUMENT } from '../options.ts';
import { hostDetails } from '../print/hosts.ts';

export const hostShow = defineCommand({
  path: 'host show',
  summary: 'show what is known of a host: its machine, disks and partitions',
  arguments: [HOST_ARGUMENT],
  input: z.object({ host: HostInput }),
  run: (context, { host }) =>
    withServer(context, async (client) => {
      const found = await client.call('host.show', { host });
      if (context.screen.json) return done([], found);
      return done(hostDetails(found, await client.call('status.get', {})), found);
    }),
});
